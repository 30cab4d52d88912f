import HTTPTransport
import Secrets
import Testing

@Suite("URLs")
struct AddressTests {
    @Test("are made of encoded pieces")
    func encoding() {
        #expect(URLText.path(["api", "v1", "a/b c", "ü"]) == "/api/v1/a%2Fb%20c/%C3%BC")
        #expect(
            URLText.query([("labelSelector", "a=b,c in (d)"), ("x", "&?#+")])
                == "labelSelector=a%3Db,c%20in%20%28d%29&x=%26%3F%23%2B")
        #expect(URLText.query([]) == "")
    }

    @Test(
        "are read from configurations",
        arguments: [
            ("https://10.0.0.1:6443", HTTPURL(host: "10.0.0.1", port: 6443)),
            ("https://[fd00::1]:6443/base?x=1#y", HTTPURL(host: "fd00::1", port: 6443, path: "/base", query: "x=1")),
            ("HTTP://api.example/", HTTPURL(scheme: .http, host: "api.example")),
        ])
    func parsing(_ text: String, _ expected: HTTPURL) throws {
        #expect(try HTTPURL(parsing: text) == expected)
    }

    @Test(
        "that cannot be used are refused without being repeated",
        arguments: [
            "", "api.example", "ftp://api.example", "https://", "https://user:hunter2@api.example", "https://a:0",
            "https://a:65536", "https://a:-1", "https://a:+1", "https://[::1", "https://a b", "https://a/\u{1}",
            "https://a\r\nX: y",
        ])
    func refused(_ text: String) {
        let error = #expect(throws: URLError.self) { try HTTPURL(parsing: text) }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("name host and port as Host does, without the scheme's own port")
    func authority() {
        #expect(HTTPURL(host: "a", port: 443).authority == "a")
        #expect(HTTPURL(host: "fd00::1", port: 6443).authority == "[fd00::1]:6443")
        #expect(HTTPURL(host: "a").endpoint == "a:443")
    }

    @Test("of proxies carry credentials that are never printed")
    func proxies() throws {
        let proxy = try Proxy(parsing: "http://us%20er:p%3Ass%40@proxy.example:3128/ignored")
        #expect(
            proxy
                == Proxy(
                    .http, host: "proxy.example", port: 3128,
                    credentials: .init(user: "us er", password: Secret("p:ss@"))))
        #expect(proxy.description == "http://proxy.example:3128")
        #expect(try Proxy(parsing: "socks5h://[::1]") == Proxy(.socks5, host: "::1", port: 1080))
        #expect(try Proxy(parsing: "https://p") == Proxy(.https, host: "p", port: 443))
        for text in ["ftp://p", "p:3128", "http://", "http://a%zz@p", "http://p:x"] {
            #expect(throws: URLError.self) { try Proxy(parsing: text) }
        }
    }
}

@Suite("The proxy of the environment")
struct ProxyEnvironmentTests {
    private func proxy(_ url: String, _ environment: [String: String]) throws -> String? {
        try ProxyEnvironment.proxy(for: HTTPURL(parsing: url), environment: environment)?.description
    }

    @Test("is that of the URL's scheme, upper case first")
    func scheme() throws {
        let both = ["HTTPS_PROXY": "http://upper:1", "https_proxy": "http://lower:2", "http_proxy": "plain:3"]
        #expect(try proxy("https://a.example", both) == "http://upper:1")
        #expect(try proxy("http://a.example", both) == "http://plain:3")
        #expect(
            try proxy("https://a.example", ["HTTPS_PROXY": "", "https_proxy": "socks5://lower"])
                == "socks5://lower:1080")
        #expect(try proxy("https://a.example", ["ALL_PROXY": "http://all:1", "HTTP_PROXY": "http://plain:1"]) == nil)
    }

    @Test(
        "is never used for this machine",
        arguments: [
            "https://localhost", "https://LOCALHOST:6443", "https://127.0.0.1", "https://127.9.9.9:6443",
            "https://[::1]",
            "https://[::ffff:127.0.0.1]",
        ])
    func loopback(_ url: String) throws {
        #expect(try proxy(url, ["HTTPS_PROXY": "http://p:1"]) == nil)
    }

    @Test(
        "is not used for what NO_PROXY lists",
        arguments: [
            ("example.com", "https://example.com", false),
            ("example.com", "https://a.b.example.com", false),
            ("example.com", "https://badexample.com", true),
            (".example.com", "https://example.com", true),
            (".example.com", "https://a.example.com", false),
            ("*.example.com", "https://a.example.com", false),
            ("EXAMPLE.com", "https://example.COM", false),
            ("x, example.com ,y", "https://example.com", false),
            ("example.com:6443", "https://example.com:6443", false),
            ("example.com:6443", "https://example.com", true),
            ("*", "https://anything", false),
            ("10.0.0.0/8", "https://10.200.0.1:6443", false),
            ("10.0.0.0/8", "https://11.0.0.1", true),
            ("10.128.0.0/9", "https://10.127.0.1", true),
            ("fd00::/16", "https://[fd00:1::1]", false),
            ("fd00::/129", "https://[fd00::1]", true),
            ("10.0.0.0/8", "https://ten.example", true),
            ("10.0.0.1", "https://10.0.0.1", false),
            ("10.0.0.1:6443", "https://10.0.0.1", true),
            ("[fd00::1]:6443", "https://[fd00::1]:6443", false),
            ("fd00::1", "https://[FD00::1]", false),
            (",,", "https://a", true),
            ("", "https://a", true),
        ])
    func exclusions(_ list: String, _ url: String, _ isProxied: Bool) throws {
        #expect(try proxy(url, ["HTTPS_PROXY": "http://p:1", "NO_PROXY": list]) == (isProxied ? "http://p:1" : nil))
        #expect(try proxy(url, ["HTTPS_PROXY": "http://p:1", "no_proxy": list]) == (isProxied ? "http://p:1" : nil))
    }

    @Test("that is no URL of a proxy is an error, not a direct connection")
    func invalid() {
        #expect(throws: URLError.self) { try proxy("https://a", ["HTTPS_PROXY": "http://"]) }
    }
}

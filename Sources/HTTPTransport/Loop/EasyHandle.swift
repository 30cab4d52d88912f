import CCurl
import Secrets

/// A handle of libcurl for one transfer, with all that must live as long as it.
@safe final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private var lists: [UnsafeMutablePointer<curl_slist>] = unsafe []
    private let errorText: UnsafeMutablePointer<CChar>

    /// - Throws: when libcurl has no memory.
    init() throws(HTTPError) {
        _ = Self.library
        guard let pointer = unsafe curl_easy_init() else {
            throw HTTPError(.other("libcurl gives no handle"), at: "")
        }
        unsafe self.pointer = unsafe pointer
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        unsafe set(CURLOPT_ERRORBUFFER, pointer: errorText)
    }

    deinit {
        unsafe curl_easy_cleanup(pointer)
        unsafe lists.forEach { unsafe curl_slist_free_all($0) }
        unsafe errorText.deallocate()
    }

    private static let library: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// libcurl's own words about what went wrong.
    var failureText: String {
        let text = unsafe String(cString: errorText)
        return String(text.prefix { $0 != "\n" && $0 != "\r\n" })
    }

    /// Tells it from others.
    var key: Int { unsafe Int(bitPattern: pointer) }

    // MARK: Options

    func set(_ option: CURLoption, _ value: Int) { _ = unsafe ccurl_set_long(pointer, option, value) }

    func set(_ option: CURLoption, _ value: String?) { _ = unsafe ccurl_set_string(pointer, option, value) }

    func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) {
        _ = unsafe ccurl_set_pointer(pointer, option, value)
    }

    func set(_ option: CURLoption, blob bytes: [UInt8]) {
        _ = unsafe bytes.withUnsafeBytes { unsafe ccurl_set_blob(pointer, option, $0.baseAddress, $0.count) }
    }

    func set(_ option: CURLoption, function: @escaping ccurl_data_function) {
        _ = unsafe ccurl_set_data_function(pointer, option, function)
    }

    func set(_ option: CURLoption, list lines: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { unsafe list = unsafe curl_slist_append(list, line) ?? list }
        guard let list = unsafe list else { return }
        unsafe lists.append(list)
        _ = unsafe ccurl_set_list(pointer, option, list)
    }

    func setBody(_ bytes: [UInt8]) {
        _ = unsafe bytes.withUnsafeBytes { buffer in
            // Of an empty array there is no address, which libcurl would take for "read it from a stream".
            guard let address = buffer.baseAddress else { return unsafe ccurl_set_body(pointer, "", 0) }
            return unsafe ccurl_set_body(pointer, address, curl_off_t(buffer.count))
        }
    }

    // MARK: Information

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        _ = unsafe ccurl_get_long(pointer, info, &value)
        return value
    }

    var socket: curl_socket_t? {
        var value = curl_socket_t(-1)
        guard unsafe ccurl_get_socket(pointer, &value) == CURLE_OK, value >= 0 else { return nil }
        return value
    }
}

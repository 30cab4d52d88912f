// Fills the conntrack table of a network namespace, and receives it as cheaply as anything can: the floor that a
// reader of the table is measured against.
//
//   netviz-bench-table room N     raises nf_conntrack_max and the number of buckets for N entries. They belong to the
//                                 whole machine, and only its first network namespace may set them
//   netviz-bench-table fill N     N TCP connections, a third of them to a Service; accounting and timestamps on
//   netviz-bench-table receive    a dump, received and thrown away; prints entries, bytes and receives
//   netviz-bench-table dial RATE SECONDS
//                                 RATE new UDP connections a second over the loopback interface; prints how many
//   netviz-bench-table insert KEYS
//                                 counts the keys of a file, 40 bytes each, in a table in memory; prints how many differ
//
// `fill` and `receive` want a namespace of their own (ip netns exec): the table stays in the kernel's memory until that
// is deleted.

#include <arpa/inet.h>
#include <errno.h>
#include <libnetfilter_conntrack/libnetfilter_conntrack.h>
#include <libnetfilter_conntrack/libnetfilter_conntrack_tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SYSCTL "/proc/sys/net/netfilter/nf_conntrack_"

static int write_number(const char *path, unsigned long number) {
    FILE *file = fopen(path, "w");
    if (!file) return -1;
    int failed = fprintf(file, "%lu\n", number) < 0;
    return fclose(file) != 0 || failed ? -1 : 0;
}

static unsigned long read_number(const char *path) {
    unsigned long number = 0;
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    if (fscanf(file, "%lu", &number) != 1) number = 0;
    fclose(file);
    return number;
}

static int raise_number(const char *path, unsigned long number) {
    if (read_number(path) >= number || write_number(path, number) == 0) return 0;
    fprintf(stderr, "netviz-bench-table: cannot raise %s to %lu: %s\n", path, number, strerror(errno));
    return 1;
}

static int make_room(unsigned long count) {
    return raise_number(SYSCTL "max", count + count / 4) |
           raise_number("/sys/module/nf_conntrack/parameters/hashsize", count);
}

static int create(struct nfct_handle *handle, struct nf_conntrack *entry, unsigned long i) {
    unsigned long round = i / 65000;
    nfct_set_attr_u8(entry, ATTR_L3PROTO, AF_INET);
    nfct_set_attr_u8(entry, ATTR_L4PROTO, IPPROTO_TCP);
    nfct_set_attr_u32(entry, ATTR_IPV4_SRC, htonl(0x0AF40000u + i % 65000));
    nfct_set_attr_u32(entry, ATTR_IPV4_DST, htonl(0x0A600001u + i % 97));
    nfct_set_attr_u16(entry, ATTR_PORT_SRC, htons(1024 + round));
    nfct_set_attr_u16(entry, ATTR_PORT_DST, htons(80 + i % 11));
    nfct_setobjopt(entry, NFCT_SOPT_SETUP_REPLY);
    if (i % 3 == 0) nfct_set_attr_u32(entry, ATTR_REPL_IPV4_SRC, htonl(0x0AF50000u + round * 7 + i % 251));
    nfct_set_attr_u8(entry, ATTR_TCP_STATE, TCP_CONNTRACK_ESTABLISHED);
    nfct_set_attr_u32(entry, ATTR_TIMEOUT, 86400);
    nfct_set_attr_u32(entry, ATTR_STATUS, IPS_ASSURED | IPS_SEEN_REPLY | IPS_CONFIRMED);
    return nfct_query(handle, NFCT_Q_CREATE, entry);
}

static int fill(unsigned long count) {
    if (write_number(SYSCTL "acct", 1) != 0 || write_number(SYSCTL "timestamp", 1) != 0) {
        perror("netviz-bench-table: cannot switch accounting and timestamps on");
        return 1;
    }
    struct nfct_handle *handle = nfct_open(CONNTRACK, 0);
    if (!handle) {
        perror("netviz-bench-table: nfct_open");
        return 1;
    }
    for (unsigned long i = 0; i < count; i++) {
        struct nf_conntrack *entry = nfct_new();
        int failed = !entry || create(handle, entry, i) != 0;
        if (entry) nfct_destroy(entry);
        if (failed) {
            fprintf(stderr, "netviz-bench-table: after %lu entries: %s; was room made?\n", i, strerror(errno));
            return 1;
        }
    }
    nfct_close(handle);
    printf("%lu entries\n", count);
    return 0;
}

static int receive(void) {
    struct nfct_handle *handle = nfct_open(CONNTRACK, 0);
    uint32_t family = AF_UNSPEC;
    if (!handle || nfct_send(handle, NFCT_Q_DUMP, &family) < 0) {
        perror("netviz-bench-table: cannot ask for the table");
        return 1;
    }
    static char buffer[32 << 10];
    unsigned long entries = 0, bytes = 0, receives = 0;
    for (;;) {
        ssize_t count = recv(nfct_fd(handle), buffer, sizeof buffer, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            perror("netviz-bench-table: recv");
            return 1;
        }
        receives++;
        bytes += (unsigned long)count;
        const struct nlmsghdr *message = (const void *)buffer;
        for (; NLMSG_OK(message, count); message = NLMSG_NEXT(message, count)) {
            if (message->nlmsg_type == NLMSG_DONE) {
                nfct_close(handle);
                printf("%lu entries, %lu bytes, %lu receives\n", entries, bytes, receives);
                return 0;
            }
            if (message->nlmsg_type == NLMSG_ERROR) {
                fputs("netviz-bench-table: the kernel refused\n", stderr);
                return 1;
            }
            entries++;
        }
    }
}

// Every datagram goes from a socket of its own to another port, so that no two have one tuple.
static int dial_once(unsigned long number) {
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(10000 + number % 50000)};
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    if (descriptor < 0) return -1;
    ssize_t sent = sendto(descriptor, "x", 1, 0, (const struct sockaddr *)&server, sizeof server);
    close(descriptor);
    return sent == 1 ? 0 : -1;
}

static int dial(unsigned long rate, unsigned long seconds) {
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    unsigned long dialled = 0;
    for (unsigned long tick = 0; tick < seconds * 100; tick++) {
        for (; dialled < rate * (tick + 1) / 100; dialled++) {
            if (dial_once(dialled) != 0) {
                perror("netviz-bench-table: sendto");
                return 1;
            }
        }
        next.tv_nsec += 10000000;
        if (next.tv_nsec >= 1000000000) {
            next.tv_nsec -= 1000000000;
            next.tv_sec++;
        }
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    }
    printf("%lu dialled\n", dialled);
    return 0;
}

/* A connection's key: addresses, ports and protocol, padded with zeros. */
struct key {
    uint64_t words[5];
};

struct slot {
    struct key key;
    uint64_t count;
};

static uint64_t mixed(const struct key *key) {
    uint64_t hash = 0;
    for (int i = 0; i < 5; i++) {
        hash = (hash ^ key->words[i]) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
    }
    return hash;
}

/* Reads keys and counts each in a table with open addressing and linear probing, twice as large as needed: the least
   that a program has to do which holds every connection once. */
static int insert(const char *path) {
    FILE *file = fopen(path, "r");
    struct stat status;
    if (!file || fstat(fileno(file), &status) != 0) return perror(path), 1;
    size_t size = 1024;
    while (size < 2 * (size_t)status.st_size / sizeof(struct key)) size *= 2;
    struct slot *slots = calloc(size, sizeof *slots);
    if (!slots) return perror("calloc"), 1;
    static struct key keys[4096];
    size_t distinct = 0, read;
    while ((read = fread(keys, sizeof *keys, 4096, file)) > 0) {
        for (size_t i = 0; i < read; i++) {
            size_t place = mixed(&keys[i]) & (size - 1);
            while (slots[place].count && memcmp(&slots[place].key, &keys[i], sizeof *keys) != 0)
                place = (place + 1) & (size - 1);
            if (!slots[place].count) {
                slots[place].key = keys[i];
                distinct++;
            }
            slots[place].count++;
        }
    }
    printf("%zu\n", distinct);
    return ferror(file) ? 1 : 0;
}

int main(int count, char **arguments) {
    if (count == 3) {
        char *end;
        unsigned long entries = strtoul(arguments[2], &end, 10);
        // The source port counts the rounds over the source addresses, so tuples differ far beyond what memory holds.
        if (*end == '\0' && entries > 0 && entries <= 50000000) {
            if (strcmp(arguments[1], "room") == 0) return make_room(entries);
            if (strcmp(arguments[1], "fill") == 0) return fill(entries);
        }
    }
    if (count == 2 && strcmp(arguments[1], "receive") == 0) return receive();
    if (count == 3 && strcmp(arguments[1], "insert") == 0) return insert(arguments[2]);
    if (count == 4 && strcmp(arguments[1], "dial") == 0) {
        unsigned long rate = strtoul(arguments[2], NULL, 10), seconds = strtoul(arguments[3], NULL, 10);
        if (rate > 0 && rate <= 1000000 && seconds > 0 && seconds <= 3600) return dial(rate, seconds);
    }
    fputs("usage: netviz-bench-table room N | fill N | receive | dial RATE SECONDS | insert KEYS\n", stderr);
    return 2;
}

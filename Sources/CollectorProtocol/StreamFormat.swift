/// The format of a stream of frames, exactly enough to write another reader. Streams are kept in files for years, so
/// what is here never changes its meaning; the end of this text says what may be added.
///
/// ## Frames
/// A stream is a sequence of frames and nothing else:
///
///     length    4 bytes, lowest first: the bytes of the payload, at most 1,048,576
///     kind      1 byte
///     payload   length bytes
///     checksum  4 bytes, lowest first: CRC-32 (RFC 1952 section 8.1.1) of kind and payload
///
/// Kinds: 1 HELLO, 2 CLOCK REQUEST, 3 CLOCK, 4 START, 5 ENTRIES, 6 RULES, 7 NOTICE, 8 END, 9 ACKNOWLEDGEMENT, 10
/// FAILURE. The client sends 2, 4 and 9, the collector the others. A collector's stream begins with HELLO; each START
/// is answered by frames of kinds 5 to 7 and one END, or a FAILURE in its place. A stream that ends between two frames
/// has ended, one that ends within a frame is broken; only after END is what START asked for complete.
///
/// ## Fields
/// A payload is a message in the wire format of protocol buffers: fields, each a varint key, number × 8 + wire type,
/// and a value. Wire type 0 is a varint of up to 64 bits (seven bits a byte, the lowest first, the highest bit set on
/// all but the last byte); 2 is a varint length and so many bytes. 1 and 5, eight and four bytes, are not in use but
/// passed over. Of a field that comes twice the last one counts, unless it is a list. Below, `u` is an unsigned number;
/// `s` is a signed number n as the unsigned one 2n, or -2n - 1 below zero (zigzag); `b` is 0 or 1; `t` is text in
/// UTF-8, `x` any bytes, `m` a message. `?` marks what is absent where it is not known, which is not zero; a missing
/// number without `?` is 0, a missing text is empty. `*` marks a list, `!` what has to be there. Times are nanoseconds
/// since 1970.
///
///     HELLO   1 version u!   2 release t   3 clock m (CLOCK)   4 facts m (FACTS)
///     FACTS   1 host name t   2 kernel release t   3 has conntrack b   4 may administrate b   5 accounting b?
///             6 timestamps b?   7 events mode u?   8 bridge netfilter b?   9 table count u?   10 table maximum u?
///             11 signs of a bypass t*, at most 128   12 text source u?
///     CLOCK   1 wall s   2 monotonic s
///     START   1 begin at s   2 window s   3 deadline s!   4 wants rules b   5 enables accounting b   6 event buffer u
///     RULES   1 program u!   2 moment u!   3 is last b   4 text x
///     NOTICE  1 topic u!   2 text t                      (FAILURE is the same)
///     END     1 entries u   2 frames u   3 checksum u   4 began s   5 ended s   6 window s   7 losses m (LOSSES)
///             8 statistics m? (STATISTICS)   9 statistics of the window m? (STATISTICS)
///             10 table count u?   11 table maximum u?   12 events mode u?
///     LOSSES  1 events u   2 event overruns u   3 interrupted dumps u   4 untracked u   5 counters went down u
///             6 undecodable u
///     STATISTICS  1 found u   2 invalid u   3 insert failed u   4 drop u   5 early drop u   6 ICMP error u
///             7 search restart u   8 clash resolve u   9 chain too long u
///
/// CLOCK REQUEST and ACKNOWLEDGEMENT have no fields. Programs, moments, topics and text sources are the raw values of
/// `RulesPiece.Program`, `RulesPiece.Moment`, `Notice.Topic` and `NodeFacts.TextSource`; the types of the messages say
/// what a field means.
///
/// END's `frames` counts the frames since the last HELLO, END or FAILURE, or the beginning, these three kinds left out;
/// `entries` the entries in them; `checksum` is the CRC-32 of their checksums, four bytes each, lowest first, in order.
///
/// ## Entries
/// The payload of an ENTRIES frame is a block of 1 to 4096 conntrack entries of one address family:
///
///     1 family u!           4 or 6; a block of family 6 may hold IPv4 addresses too, as ::ffff:a.b.c.d
///     2 has windows b       whether of each entry is said what was seen of it within a window
///     3 time base s
///     4 kind m*             1 to 256 kinds, numbered from 0 in their order
///     5 kinds x!            of each entry the number of its kind, one byte; its length is the count of entries
///     6 to 9                original tuple: source address, destination address, source port, destination port
///     10 to 13              reply tuple: the same, only of entries whose kind says so
///     14 details x          what else belongs to the entries, one after the other
///
/// 6 to 13 are columns. A column is the numbers of its entries in their order, cut in byte planes: first the most
/// significant byte of all, then the next. A port has 2 planes, an address of family 4 has 4, one of family 6 has 16. A
/// plane is the byte 0 and one byte that all share, or the byte 1 and a byte for each. A column of no entry is left
/// out. For ICMP and ICMPv6 the source port is the identifier and the destination port type × 256 + code; for GRE the
/// ports are the call keys; for other protocols without ports they are 0.
///
/// A kind is what entries share:
///
///     1 form u   2 transport u!, the IP protocol's number   3 transport of the reply u?, where it is another
///     4 state u?   5 status u, bits of `enum ip_conntrack_status`   6 mark u?   7 zone u
///     8 event u?: 0 new, 1 update, 2 destroy   9 timeout base u, seconds   10 window marks u   11 state before u?
///
/// States: 0 NONE, 1 SYN_SENT, 2 SYN_RECV, 3 ESTABLISHED, 4 FIN_WAIT, 5 CLOSE_WAIT, 6 LAST_ACK, 7 TIME_WAIT, 8 CLOSE, 9
/// LISTEN, 10 SYN_SENT2, 11 CLOSED, 12 COOKIE_WAIT, 13 COOKIE_ECHOED, 14 SHUTDOWN_SENT, 15 SHUTDOWN_RECD, 16
/// SHUTDOWN_ACK_SENT, 17 HEARTBEAT_SENT, 18 HEARTBEAT_ACKED, 19 REQUEST, 20 RESPOND, 21 PARTOPEN, 22 OPEN, 23 CLOSEREQ,
/// 24 CLOSING, 25 IGNORE, 26 INVALID. Window marks: bits 0 in the first dump, 1 in the second, 2 NEW event, 3 DESTROY
/// event, 4 counters went down, 5 timeout set anew, 6 the NEW event was of a connection that was there before.
///
/// The bits of `form`, from the lowest:
///
///     0 to 3    the reply's source address, destination address, source port, destination port is in its column;
///               otherwise it is that of the original tuple inverted
///     4, 5      the original direction's counters: 0 not known, 1 both zero, 2 in the details
///     6, 7      the reply direction's counters, likewise
///     8         the timeout is in the details
///     9         the age is in the details
///     10 to 12  the time of the start, of the stop, of the event is in the details
///     13, 14    the original direction's counters within the window: 0 to 2 likewise, 3 those of bits 4 and 5
///     15, 16    the reply direction's counters within the window, likewise with bits 6 and 7
///
/// Inverted, a tuple has its addresses exchanged and its ports too. For ICMP (1) and ICMPv6 (58) the ports stay, but
/// for the type: 8 and 0, 13 and 14, 15 and 16, 17 and 18 of ICMP, 128 and 129, 139 and 140 of ICMPv6 become each
/// other.
///
/// The details of an entry are varints in this order, each only where the form says so: timeout in seconds minus the
/// kind's base (s), age in seconds (u), start, stop and event time minus the block's base (s, modulo 2^64), then
/// packets (u) and bytes (u) of the original direction, of the reply direction, of the original direction within the
/// window, and of the reply direction within the window.
///
/// ## What may be added
/// Without a new version: fields, which older readers pass over, and columns of blocks likewise. With a new version in
/// HELLO, which older readers refuse: kinds of frames, bits of `form`, states, programs, moments, topics and any new
/// meaning. A reader refuses what it does not know of these even under its own version, rather than guess.
package enum StreamFormat {
    /// The longest payload of a frame in bytes; a longer one is refused before memory is taken for it.
    package static let longestPayload = 1 << 20
    /// The most entries that a block holds.
    package static let blockEntries = 4096
    /// The most kinds of entries that a block holds: an entry names its kind in one byte.
    package static let blockKinds = 256
    /// The longest text of a message in bytes of UTF-8; a writer cuts what is longer.
    package static let longestText = 4096
    /// The most texts in a list; a writer leaves out the rest.
    package static let listedTexts = 128
    /// The longest text of rules in a frame; a writer cuts what is longer in pieces.
    package static let longestRulesText = 1 << 18
    /// The bytes of a frame that are not its payload: length, kind and checksum.
    package static let frameOverhead = 9
}

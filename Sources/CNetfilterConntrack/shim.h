#pragma once

// The kernel's headers first: the library carries older copies of them under the same guards.
#include <linux/netlink.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <libnetfilter_conntrack/libnetfilter_conntrack.h>
#include <libnetfilter_conntrack/libnetfilter_conntrack_dccp.h>
#include <libnetfilter_conntrack/libnetfilter_conntrack_sctp.h>
#include <libnetfilter_conntrack/libnetfilter_conntrack_tcp.h>

/// CTA_TIMESTAMP_EVENT of kernels from 6.14 on; the headers of Debian 12 end before it.
static const unsigned netviz_cta_timestamp_event = CTA_STATUS_MASK + 1;

/// A request without attributes: the netlink header and nfnetlink's own.
struct netviz_request {
    struct nlmsghdr header;
    struct nfgenmsg generic;
};

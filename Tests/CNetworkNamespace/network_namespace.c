#define _GNU_SOURCE
#include "network_namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

int network_namespace_enter_new(void) {
    int outside = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (outside < 0) return -1;
    if (unshare(CLONE_NEWNET) == 0) return outside;
    int failure = errno;
    close(outside);
    errno = failure;
    return -1;
}

int network_namespace_leave(int outside) {
    if (setns(outside, CLONE_NEWNET) != 0) return -1;
    return close(outside);
}

int network_namespace_administrate(int may) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, data) != 0) return -1;
    unsigned bit = 1u << (CAP_NET_ADMIN % 32);
    // The permitted set keeps it, so that it can be given back.
    if (may) data[CAP_NET_ADMIN / 32].effective |= bit;
    else data[CAP_NET_ADMIN / 32].effective &= ~bit;
    return (int)syscall(SYS_capset, &header, data);
}

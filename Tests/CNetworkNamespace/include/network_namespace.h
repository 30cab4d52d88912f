// Glibc's module for Swift leaves out what needs _GNU_SOURCE.
#pragma once

/// Moves the calling thread into a network namespace of its own, which ends when nothing is in it any more.
/// Returns a file that stands for the namespace it was in, or -1 with errno.
int network_namespace_enter_new(void);

/// Moves the calling thread back to where network_namespace_enter_new found it, and closes the file.
/// Returns 0, or -1 with errno.
int network_namespace_leave(int outside);

/// Takes CAP_NET_ADMIN from the calling thread (0), or gives it back (1). Returns 0, or -1 with errno.
int network_namespace_administrate(int may);

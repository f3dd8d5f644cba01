#define _GNU_SOURCE
#include "spawn_child.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// posix_spawn can set neither limits nor the order to die with the parent, and a launcher between us and the program
// would cost one more exec for each child. So this is what posix_spawn does inside, with those steps added: vfork, as in
// CPython's Modules/_posixsubprocess.c. The child borrows our memory until it becomes the program, which is how it can
// say why it could not.

static int close_from(unsigned first) {
#ifdef SYS_close_range
    if (syscall(SYS_close_range, first, ~0u, 0) == 0) return 0;
    if (errno != ENOSYS) return -1;
#endif
    long end = sysconf(_SC_OPEN_MAX);
    for (long descriptor = first; descriptor < end; descriptor++) close((int)descriptor);
    return 0;
}

static int place_descriptors(const struct child_order *order) {
    int count = order->extra >= 0 ? 4 : 3, moved[4];
    // Out of the way first: one of them may lie where another shall be.
    for (int i = 0; i < count; i++) {
        moved[i] = fcntl(i < 3 ? order->standard[i] : order->extra, F_DUPFD, 10);
        if (moved[i] < 0) return -1;
    }
    for (int i = 0; i < count; i++)
        if (dup2(moved[i], i) < 0) return -1;
    return close_from((unsigned)count);
}

static void volunteer_for_the_oom_killer(void) {
    int descriptor = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    // When the machine runs out of memory it is a child that shall go, not the engine. A failure changes nothing else.
    ssize_t written = write(descriptor, "500", 3);
    (void)written;
    close(descriptor);
}

static void become_program(const struct child_order *order, pid_t parent, volatile int *step, volatile int *code) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    setsid();
    umask(022);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    // What the program leaves behind falls to the program while it lives, so that its limits count it.
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (!order->may_gain_privileges) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    volunteer_for_the_oom_killer();

    *step = child_step_descriptors;
    if (place_descriptors(order) != 0) goto failed;
    *step = child_step_folder;
    if (chdir(order->folder) != 0) goto failed;
    *step = child_step_limits;
    for (size_t i = 0; i < order->limit_count; i++) {
        struct rlimit now, limit = {order->limits[i].soft, order->limits[i].hard};
        if (getrlimit(order->limits[i].resource, &now) != 0) goto failed;
        // A limit that we are under ourselves already is as strict as it can be.
        if (limit.rlim_max > now.rlim_max) limit.rlim_max = now.rlim_max;
        if (limit.rlim_cur > limit.rlim_max) limit.rlim_cur = limit.rlim_max;
        if (setrlimit(order->limits[i].resource, &limit) != 0) goto failed;
    }
    *step = child_step_program;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(order->path, order->arguments, order->environment);
failed:
    *code = errno;
    _exit(127);
}

pid_t child_spawn(const struct child_order *order, int *step, int *code) {
    volatile int failed_step = child_step_fork, failure = 0;
    sigset_t all, before;
    sigfillset(&all);
    // No handler of ours may run in the child while it borrows our memory.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    pid_t pid = vfork();
    if (pid == 0) become_program(order, parent, &failed_step, &failure);
    if (pid < 0) failure = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure == 0) return pid;
    if (pid > 0) {
        siginfo_t info;
        while (waitid(P_PID, (id_t)pid, &info, WEXITED) != 0 && errno == EINTR) {}
    }
    *step = failed_step;
    *code = failure;
    return -1;
}

int child_pidfd(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int child_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int child_widen_pipe(int end, int size) { return fcntl(end, F_SETPIPE_SZ, size); }

int child_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int child_become_reaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1); }

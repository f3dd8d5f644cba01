#ifndef HEADWATER_SPAWN_CHILD_H
#define HEADWATER_SPAWN_CHILD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// One limit of the kernel, as `setrlimit` takes it.
struct child_limit {
    int resource;
    uint64_t soft;
    uint64_t hard;
};

/// What a child is started with. Everything is made ready by the caller, because between the fork and the program
/// nothing may be allocated.
struct child_order {
    const char *path;          ///< of the program; no search is made
    char *const *arguments;    ///< ends with NULL
    char *const *environment;  ///< ends with NULL
    const char *folder;        ///< to work in
    int standard[3];           ///< descriptors that become 0, 1 and 2
    int extra;                 ///< a descriptor that becomes 3, or -1
    int may_gain_privileges;   ///< 0 unless the program itself is a setuid launcher
    const struct child_limit *limits;
    size_t limit_count;
};

/// What the child was doing when it failed to become the program.
enum child_step {
    child_step_fork = 1,
    child_step_descriptors,
    child_step_folder,
    child_step_limits,
    child_step_program,
};

/// Starts the program in a session of its own, with no descriptor but those named, every signal at its default, and
/// the order to die when the calling *thread* ends. Returns its process id; or -1, with the step that failed and the
/// error number.
pid_t child_spawn(const struct child_order *order, int *step, int *code);

/// A descriptor that is readable once the process has ended; -1 with errno.
int child_pidfd(pid_t pid);

/// Both ends of a new pipe, reading end first, closed on exec; -1 with errno.
int child_pipe(int ends[2]);

/// Lets a pipe hold this many bytes; -1 with errno where it keeps the size it has.
int child_widen_pipe(int end, int size);

/// A new anonymous file in memory, closed on exec; -1 with errno.
int child_memory_file(const char *name);

/// Makes the calling process the one to which orphans below it fall.
int child_become_reaper(void);

#endif

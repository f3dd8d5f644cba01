/* A file access for SQLite that writes a checksum at the end of each page of a database and compares it when the page is read, so
 * that a flipped bit is an error (SQLITE_IOERR_DATA) and never an answer. Everything else goes through to the system's own.
 *
 * In C because SQLite wants structures of functions, with space for the system's file behind ours. How it is done follows from the
 * documentation of sqlite3_vfs (https://sqlite.org/vfs.html); the journal is left alone, since SQLite has checksums in it. */
#include "page_check.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <string.h>

const char *const page_check_vfs = "headwater-page-check";

typedef struct {
    sqlite3_file base;
    int is_database;
} checked_file;

static sqlite3_vfs *system_vfs(sqlite3_vfs *vfs) { return (sqlite3_vfs *)vfs->pAppData; }

/* The system's file lies behind ours. */
static sqlite3_file *inner(sqlite3_file *file) { return (sqlite3_file *)((checked_file *)file + 1); }

/* FNV-1a over words of 64 bits (Fowler, Noll, Vo), which a single changed bit always changes; the place is in it, so that a page
 * cannot stand for another. */
static uint64_t checksum(const unsigned char *page, int size, sqlite3_int64 offset) {
    uint64_t sum = 0xCBF29CE484222325u ^ (uint64_t)offset;
    for (int at = 0; at + 8 <= size - page_check_bytes; at += 8) {
        uint64_t word;
        memcpy(&word, page + at, 8);
        sum = (sum ^ word) * 0x100000001B3u;
    }
    return sum ^ (sum >> 32);
}

/* SQLite reads and writes whole pages, but for the head of the first, which it reads to learn how large they are. */
static int is_page(sqlite3_file *file, int size, sqlite3_int64 offset) {
    return ((checked_file *)file)->is_database && size >= 512 && (size & (size - 1)) == 0 && offset % size == 0;
}

static int check_close(sqlite3_file *file) { return inner(file)->pMethods->xClose(inner(file)); }

static int check_read(sqlite3_file *file, void *buffer, int size, sqlite3_int64 offset) {
    int code = inner(file)->pMethods->xRead(inner(file), buffer, size, offset);
    if (code != SQLITE_OK || !is_page(file, size, offset)) return code;
    uint64_t sum = checksum(buffer, size, offset), stored;
    memcpy(&stored, (unsigned char *)buffer + size - page_check_bytes, page_check_bytes);
    return sum == stored ? SQLITE_OK : SQLITE_IOERR_DATA;
}

static int check_write(sqlite3_file *file, const void *buffer, int size, sqlite3_int64 offset) {
    if (is_page(file, size, offset)) {
        /* The last bytes of the buffer are ours, as of the page. */
        uint64_t sum = checksum(buffer, size, offset);
        memcpy((unsigned char *)buffer + size - page_check_bytes, &sum, page_check_bytes);
    }
    return inner(file)->pMethods->xWrite(inner(file), buffer, size, offset);
}

static int check_truncate(sqlite3_file *file, sqlite3_int64 size) { return inner(file)->pMethods->xTruncate(inner(file), size); }
static int check_sync(sqlite3_file *file, int flags) { return inner(file)->pMethods->xSync(inner(file), flags); }
static int check_size(sqlite3_file *file, sqlite3_int64 *size) { return inner(file)->pMethods->xFileSize(inner(file), size); }
static int check_lock(sqlite3_file *file, int lock) { return inner(file)->pMethods->xLock(inner(file), lock); }
static int check_unlock(sqlite3_file *file, int lock) { return inner(file)->pMethods->xUnlock(inner(file), lock); }
static int check_reserved(sqlite3_file *file, int *is_reserved) {
    return inner(file)->pMethods->xCheckReservedLock(inner(file), is_reserved);
}
static int check_control(sqlite3_file *file, int what, void *argument) {
    return inner(file)->pMethods->xFileControl(inner(file), what, argument);
}
static int check_sector(sqlite3_file *file) { return inner(file)->pMethods->xSectorSize(inner(file)); }
static int check_characteristics(sqlite3_file *file) { return inner(file)->pMethods->xDeviceCharacteristics(inner(file)); }

/* Of the first version: without memory maps and shared memory, past which pages could come in unchecked. */
static const sqlite3_io_methods methods = {
    1, check_close, check_read, check_write, check_truncate, check_sync, check_size, check_lock, check_unlock, check_reserved,
    check_control, check_sector, check_characteristics,
};

static int check_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    checked_file *checked = (checked_file *)file;
    checked->base.pMethods = 0;
    checked->is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    int code = system_vfs(vfs)->xOpen(system_vfs(vfs), name, inner(file), flags, out);
    if (inner(file)->pMethods) checked->base.pMethods = &methods;
    return code;
}

static int check_delete(sqlite3_vfs *vfs, const char *name, int sync) { return system_vfs(vfs)->xDelete(system_vfs(vfs), name, sync); }
static int check_access(sqlite3_vfs *vfs, const char *name, int flags, int *out) {
    return system_vfs(vfs)->xAccess(system_vfs(vfs), name, flags, out);
}
static int check_path(sqlite3_vfs *vfs, const char *name, int size, char *out) {
    return system_vfs(vfs)->xFullPathname(system_vfs(vfs), name, size, out);
}
static int check_random(sqlite3_vfs *vfs, int size, char *out) { return system_vfs(vfs)->xRandomness(system_vfs(vfs), size, out); }
static int check_sleep(sqlite3_vfs *vfs, int time) { return system_vfs(vfs)->xSleep(system_vfs(vfs), time); }
static int check_time(sqlite3_vfs *vfs, double *out) { return system_vfs(vfs)->xCurrentTime(system_vfs(vfs), out); }
static int check_error(sqlite3_vfs *vfs, int size, char *out) { return system_vfs(vfs)->xGetLastError(system_vfs(vfs), size, out); }

static sqlite3_vfs checked;
static int outcome = SQLITE_ERROR;

static void make(void) {
    sqlite3_vfs *own = sqlite3_vfs_find(0);
    if (!own) return;
    checked.iVersion = 1;
    checked.szOsFile = (int)sizeof(checked_file) + own->szOsFile;
    checked.mxPathname = own->mxPathname;
    checked.zName = page_check_vfs;
    checked.pAppData = own;
    checked.xOpen = check_open;
    checked.xDelete = check_delete;
    checked.xAccess = check_access;
    checked.xFullPathname = check_path;
    checked.xRandomness = check_random;
    checked.xSleep = check_sleep;
    checked.xCurrentTime = check_time;
    checked.xGetLastError = check_error;
    outcome = sqlite3_vfs_register(&checked, 0);
}

int page_check_register(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make);
    return outcome;
}

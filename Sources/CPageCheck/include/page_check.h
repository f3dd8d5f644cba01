#ifndef PAGE_CHECK_H
#define PAGE_CHECK_H

/* Name of the file access of SQLite's ("VFS") under which each page of a database ends with a checksum. */
extern const char *const page_check_vfs;

/* Bytes at the end of each page that a database must leave free for it (SQLITE_FCNTL_RESERVE_BYTES). */
enum { page_check_bytes = 8 };

/* Makes it known to SQLite; may be called any number of times. Returns a result code of SQLite's. */
int page_check_register(void);

#endif

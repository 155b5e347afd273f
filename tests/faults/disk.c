/* A disk as it is after a power cut: loaded into a process, it copies what is synced, and nothing else, to $CUT_DISK.
   "i/DEVICE-INODE" is a file as it was when it was last synced; "f/DEVICE-INODE" the names in a folder, likewise. */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int failed(void) {
  perror("the test's disk");
  abort();
}

int fsync(int fd) {
  char part[4300], path[4200], self[64], bytes[65536];
  const char *disk = getenv("CUT_DISK");
  struct stat of;
  if (!disk) return 0;
  if (fstat(fd, &of)) return failed();
  sprintf(path, "%s/%c/%lu-%lu", disk, S_ISDIR(of.st_mode) ? 'f' : 'i', (unsigned long)of.st_dev, (unsigned long)of.st_ino);
  sprintf(part, "%s.%d", path, getpid());
  FILE *out = fopen(part, "w");
  if (!out) return failed();
  if (S_ISDIR(of.st_mode)) {
    sprintf(self, "/proc/self/fd/%d", fd);
    DIR *folder = opendir(self);
    for (struct dirent *one; folder && (one = readdir(folder));)
      if (one->d_type == DT_REG) fprintf(out, "%lu %s\n", (unsigned long)one->d_ino, one->d_name);
    if (folder) closedir(folder);
  } else {
    off_t at = 0; /* by the descriptor itself: closing another of this file would drop the process's locks on it */
    for (ssize_t got; (got = pread(fd, bytes, sizeof bytes, at)) != 0; at += got) {
      if (got < 0) return failed();
      fwrite(bytes, 1, got, out);
    }
  }
  if (fclose(out) || rename(part, path)) return failed();
  return 0;
}

int fdatasync(int fd) { return fsync(fd); }

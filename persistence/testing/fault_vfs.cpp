#include "persistence/testing/fault_vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <new>
#include <string_view>

namespace fermata::testing {
namespace {

using Verdict = SimulatedDisk::Verdict;

/// Our file; the system's own follows it in memory.
struct File {
  sqlite3_file base;
  SimulatedDisk* disk;
  std::string* path;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& ours(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }

int close_file(sqlite3_file* file) {
  File& self = ours(file);
  const int code = self.real()->pMethods == nullptr ? SQLITE_OK : self.real()->pMethods->xClose(self.real());
  delete self.path;
  self.path = nullptr;
  return code;
}

int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  return ours(file).real()->pMethods->xRead(ours(file).real(), to, size, offset);
}

int write_through(File& self, const void* from, int size, sqlite3_int64 offset) {
  const int code = self.real()->pMethods->xWrite(self.real(), from, size, offset);
  if (code == SQLITE_OK) self.disk->wrote(*self.path, offset, {static_cast<const char*>(from), static_cast<std::size_t>(size)});
  return code;
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  File& self = ours(file);
  switch (self.disk->before_operation(false)) {
    case Verdict::go_on: return write_through(self, from, size, offset);
    case Verdict::part_then_stop:
      (void)write_through(self, from, static_cast<int>(self.disk->part_of(static_cast<std::size_t>(size))), offset);
      return SQLITE_IOERR_WRITE;
    case Verdict::full: return SQLITE_FULL;
    case Verdict::stopped:
    case Verdict::write_error:
    case Verdict::sync_error: return SQLITE_IOERR_WRITE;
  }
  return SQLITE_IOERR;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  File& self = ours(file);
  const Verdict verdict = self.disk->before_operation(false);
  if (verdict == Verdict::full) return SQLITE_FULL;
  if (verdict != Verdict::go_on) return SQLITE_IOERR_TRUNCATE;
  const int code = self.real()->pMethods->xTruncate(self.real(), size);
  if (code == SQLITE_OK) self.disk->truncated(*self.path, size);
  return code;
}

int sync_file(sqlite3_file* file, int) {
  File& self = ours(file);
  if (self.disk->before_operation(true) != Verdict::go_on) return SQLITE_IOERR_FSYNC;
  self.disk->synced(*self.path);  // the simulation decides what is durable: no real sync, so that a thousand runs take seconds
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) { return ours(file).real()->pMethods->xFileSize(ours(file).real(), size); }
int lock_file(sqlite3_file* file, int level) { return ours(file).real()->pMethods->xLock(ours(file).real(), level); }
int unlock_file(sqlite3_file* file, int level) { return ours(file).real()->pMethods->xUnlock(ours(file).real(), level); }
int check_lock(sqlite3_file* file, int* taken) { return ours(file).real()->pMethods->xCheckReservedLock(ours(file).real(), taken); }
int control_file(sqlite3_file* file, int op, void* argument) {
  // The hints would let the system's VFS extend the file behind our back.
  if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_OK;
  return ours(file).real()->pMethods->xFileControl(ours(file).real(), op, argument);
}
int sector_size(sqlite3_file* file) { return ours(file).real()->pMethods->xSectorSize(ours(file).real()); }
/// As the system's VFS promises, and as lose_power() does it: a torn write leaves bytes alone that it did not mean to change.
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }
int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  return ours(file).real()->pMethods->xShmMap(ours(file).real(), region, size, extend, out);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return ours(file).real()->pMethods->xShmLock(ours(file).real(), offset, count, flags);
}
void shm_barrier(sqlite3_file* file) { ours(file).real()->pMethods->xShmBarrier(ours(file).real()); }
int shm_unmap(sqlite3_file* file, int remove) { return ours(file).real()->pMethods->xShmUnmap(ours(file).real(), remove); }

constexpr sqlite3_io_methods methods{
    2,          close_file, read_file,    write_file,      truncate_file, sync_file, file_size,   lock_file, unlock_file, check_lock,
    control_file, sector_size, characteristics, shm_map, shm_lock,      shm_barrier, shm_unmap, nullptr,   nullptr};

}  // namespace

struct FaultVfs::Registered {
  sqlite3_vfs vfs{};
  sqlite3_vfs* system = nullptr;
  SimulatedDisk* disk = nullptr;
  std::string name;

  static Registered& of(sqlite3_vfs* vfs) { return *static_cast<Registered*>(vfs->pAppData); }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    Registered& self = of(vfs);
    File& made = *new (file) File{};
    made.disk = self.disk;
    const int code = self.system->xOpen(self.system, path, made.real(), flags, out_flags);
    if (code != SQLITE_OK) {
      made.base.pMethods = nullptr;
      return code;
    }
    made.path = new std::string(path == nullptr ? "" : path);
    made.base.pMethods = &methods;
    self.disk->opened(*made.path);
    return SQLITE_OK;
  }
  static int remove(sqlite3_vfs* vfs, const char* path, int) {
    Registered& self = of(vfs);
    if (self.disk->before_operation(false) != Verdict::go_on) return SQLITE_IOERR_DELETE;
    const int code = self.system->xDelete(self.system, path, 0);
    if (code == SQLITE_OK) self.disk->deleted(path);
    return code;
  }
  static int access(sqlite3_vfs* vfs, const char* path, int flags, int* out) { return of(vfs).system->xAccess(of(vfs).system, path, flags, out); }
  static int full_path(sqlite3_vfs* vfs, const char* path, int size, char* out) { return of(vfs).system->xFullPathname(of(vfs).system, path, size, out); }
  static int randomness(sqlite3_vfs* vfs, int size, char* out) { return of(vfs).system->xRandomness(of(vfs).system, size, out); }
  static int sleep(sqlite3_vfs* vfs, int microseconds) { return of(vfs).system->xSleep(of(vfs).system, microseconds); }
  static int time(sqlite3_vfs* vfs, double* out) { return of(vfs).system->xCurrentTime(of(vfs).system, out); }
  static int last_error(sqlite3_vfs* vfs, int size, char* out) { return of(vfs).system->xGetLastError(of(vfs).system, size, out); }
  static int time64(sqlite3_vfs* vfs, sqlite3_int64* out) { return of(vfs).system->xCurrentTimeInt64(of(vfs).system, out); }
};

FaultVfs::FaultVfs(SimulatedDisk& disk) : registered_(std::make_unique<Registered>()) {
  static std::atomic<int> count{0};
  Registered& made = *registered_;
  made.system = sqlite3_vfs_find(nullptr);
  made.disk = &disk;
  made.name = "fermata-fault-" + std::to_string(++count);
  sqlite3_vfs& vfs = made.vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = static_cast<int>(sizeof(File)) + made.system->szOsFile;
  vfs.mxPathname = made.system->mxPathname;
  vfs.zName = made.name.c_str();
  vfs.pAppData = &made;
  vfs.xOpen = Registered::open;
  vfs.xDelete = Registered::remove;
  vfs.xAccess = Registered::access;
  vfs.xFullPathname = Registered::full_path;
  vfs.xRandomness = Registered::randomness;
  vfs.xSleep = Registered::sleep;
  vfs.xCurrentTime = Registered::time;
  vfs.xGetLastError = Registered::last_error;
  vfs.xCurrentTimeInt64 = Registered::time64;
  sqlite3_vfs_register(&vfs, 0);
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(&registered_->vfs); }

const std::string& FaultVfs::name() const { return registered_->name; }

}  // namespace fermata::testing

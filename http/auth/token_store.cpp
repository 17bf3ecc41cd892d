#include "http/auth/token_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>

#include "http/auth/crypto.h"
#include "http/auth/token_file.h"

namespace fermata::http {

namespace {

constexpr std::size_t file_bytes_max = 4u << 20;
constexpr std::size_t name_length_max = 200;

/// Closes a descriptor at the end of a scope.
struct Descriptor {
  int fd;
  explicit Descriptor(int opened) : fd(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

/// Tells one content of the file from the next: rename gives a new inode, so two writes within a clock tick differ,
/// too.
struct Fingerprint {
  ino_t inode = 0;
  off_t size = -1;
  std::int64_t changed_ns = 0;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

Fingerprint fingerprint_of(const struct stat& info) {
  return {info.st_ino, info.st_size, info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec};
}

Timestamp wall_clock() {
  return Timestamp{
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count()};
}

tl::unexpected<Error> cannot(const std::string& what, const std::string& path) {
  return fail(ErrorCode::unavailable, "Cannot " + what + " '" + path + "': " + std::strerror(errno) + ".");
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

Result<void> replace_file(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  const Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (file.fd < 0 || ::fchmod(file.fd, 0600) != 0) return cannot("write", fresh);
  if (!write_all(file.fd, text) || ::fsync(file.fd) != 0) return cannot("write", fresh);
  if (::rename(fresh.c_str(), path.c_str()) != 0) return cannot("replace", path);
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.fd >= 0) ::fsync(directory.fd);
  return {};
}

}  // namespace

struct FileTokenStore::State {
  std::string path;
  mutable std::mutex mutex;
  std::vector<TokenRecord> tokens;
  Fingerprint seen;

  /// Reads the file when it is another than the one read last. With `mutex` held.
  Result<void> refresh() {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
      if (errno != ENOENT) return cannot("read", path);
      tokens.clear();
      seen = {};
      return {};
    }
    if (fingerprint_of(info) == seen) return {};
    return load();
  }

  Result<void> load() {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (file.fd < 0 || ::fstat(file.fd, &info) != 0) return cannot("read", path);
    if ((info.st_mode & 077) != 0) {
      return fail(ErrorCode::permission_denied,
                  "The tokens file '" + path + "' may be read by others. Run: chmod 600 '" + path + "'");
    }
    if (static_cast<std::size_t>(info.st_size) > file_bytes_max) {
      return fail(ErrorCode::resource_exhausted, "The tokens file '" + path + "' is larger than 4 MiB.");
    }
    std::string text(static_cast<std::size_t>(info.st_size), '\0');
    std::size_t have = 0;
    while (have < text.size()) {
      const ssize_t n = ::read(file.fd, text.data() + have, text.size() - have);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return cannot("read", path);
      have += static_cast<std::size_t>(n);
    }
    auto read = read_token_file(text, path);
    if (!read) return fail(read.error());
    tokens = std::move(*read);
    seen = fingerprint_of(info);
    return {};
  }

  /// Runs `change` on the newest content under the lock that other processes take, too, and writes the result.
  template <class Change>
  Result<void> update(Change change) {
    const std::scoped_lock lock(mutex);
    const std::string lock_path = path + ".lock";
    const Descriptor guard(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (guard.fd < 0 || ::flock(guard.fd, LOCK_EX) != 0) return cannot("lock", lock_path);
    if (auto fresh = refresh(); !fresh) return fresh;
    std::vector<TokenRecord> changed = tokens;
    if (auto done = change(changed); !done) return done;
    if (auto written = replace_file(path, write_token_file(changed)); !written) return written;
    return load();
  }
};

FileTokenStore::FileTokenStore(std::string path) : state_(std::make_unique<State>()) {
  state_->path = std::move(path);
}
FileTokenStore::~FileTokenStore() = default;

Result<std::unique_ptr<FileTokenStore>> FileTokenStore::open(std::string path) {
  std::unique_ptr<FileTokenStore> store(new FileTokenStore(std::move(path)));
  if (auto loaded = store->state_->refresh(); !loaded) return fail(loaded.error());
  return store;
}

Result<CreatedToken> FileTokenStore::create(const NewToken& wanted) {
  if (wanted.name.empty() || wanted.name.size() > name_length_max) {
    return fail(ErrorCode::invalid_argument,
                "A token needs a name of 1 to 200 characters; it appears in logs and in the audit.");
  }
  if (wanted.roles.empty()) {
    return fail(ErrorCode::invalid_argument,
                "A token needs a role: reader, starter, worker, operator, deployer or admin.");
  }
  CreatedToken made;
  const std::string id = to_hex(random_bytes(6));
  made.token = "fmt_" + id + "_" + to_base64url(random_bytes(32));
  made.record = {id, wanted.name, wanted.roles, wall_clock(), wanted.expires_at, to_hex(sha256(made.token))};
  const auto updated = state_->update([&](std::vector<TokenRecord>& tokens) -> Result<void> {
    const bool taken =
        std::any_of(tokens.begin(), tokens.end(), [&](const TokenRecord& token) { return token.name == wanted.name; });
    if (taken)
      return fail(ErrorCode::already_exists, "There is a token named '" + wanted.name + "' already; revoke it first.");
    tokens.push_back(made.record);
    return {};
  });
  if (!updated) return fail(updated.error());
  return made;
}

Result<void> FileTokenStore::revoke(std::string_view id_or_name) {
  return state_->update([&](std::vector<TokenRecord>& tokens) -> Result<void> {
    const auto gone = std::erase_if(
        tokens, [&](const TokenRecord& token) { return token.id == id_or_name || token.name == id_or_name; });
    if (gone == 0) return fail(ErrorCode::not_found, "There is no token '" + std::string(id_or_name) + "'.");
    return {};
  });
}

Result<std::vector<TokenRecord>> FileTokenStore::list() const {
  const std::scoped_lock lock(state_->mutex);
  if (auto fresh = state_->refresh(); !fresh) return fail(fresh.error());
  return state_->tokens;
}

std::optional<Principal> FileTokenStore::find(std::string_view token) const {
  // The id only finds the record; the whole text must match. An unknown id is hashed all the same.
  const std::string hash = to_hex(sha256(token));
  const bool well_formed = token.starts_with("fmt_") && token.size() > 17 && token[16] == '_';
  const std::string_view id = well_formed ? token.substr(4, 12) : std::string_view{};
  const std::scoped_lock lock(state_->mutex);
  if (!state_->refresh()) return std::nullopt;  // a file that has become unreadable admits nobody
  for (const TokenRecord& record : state_->tokens) {
    if (record.id != id) continue;
    if (!constant_time_equal(record.sha256_hex, hash)) return std::nullopt;
    if (record.expires_at && wall_clock() >= *record.expires_at) return std::nullopt;
    return Principal{record.name, record.roles};
  }
  return std::nullopt;
}

}  // namespace fermata::http

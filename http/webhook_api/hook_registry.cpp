#include "http/webhook_api/hook_registry.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "engine/base/json.h"

namespace fermata::http {

namespace {

constexpr std::size_t hooks_max = 1'000;

Result<CompiledHookPtr> make(std::string_view name, const Value& settings) {
  auto hook = hook_from_value(name, settings);
  if (!hook) return fail(hook.error());
  return compile_hook(std::move(*hook));
}

Result<void> write_whole(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool good = fd >= 0;
  while (good && !text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n > 0)
      text.remove_prefix(static_cast<std::size_t>(n));
    else if (errno != EINTR)
      good = false;
  }
  good = good && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  good = good && ::rename(fresh.c_str(), path.c_str()) == 0;
  if (!good)
    return fail(ErrorCode::unavailable,
                "The webhooks file '" + path + "' cannot be written: " + std::strerror(errno) + ".");
  const std::string folder = path.substr(0, path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
  const int directory = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory >= 0) {
    ::fsync(directory);
    ::close(directory);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<HookRegistry>> HookRegistry::open(std::string path,
                                                         const std::vector<std::pair<std::string, Value>>& configured) {
  std::unique_ptr<HookRegistry> registry(new HookRegistry(std::move(path)));
  if (auto loaded = registry->load(); !loaded) return fail(loaded.error());
  for (const auto& [name, settings] : configured) {
    auto made = make(name, settings);
    if (!made) return fail(made.error());
    registry->hooks_[name] = {std::move(*made), true};  // the configuration wins over what was made over the API
  }
  return registry;
}

Result<void> HookRegistry::load() {
  if (path_.empty() || ::access(path_.c_str(), F_OK) != 0) return {};
  std::ifstream in(path_, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto document = parse_json(text);
  if (!in || !document || !document->is_context()) {
    return fail(ErrorCode::data_loss,
                "The webhooks file '" + path_ + "' cannot be understood. Restore it, or move it away.");
  }
  for (const Value::Entry& entry : document->as_context()) {
    auto made = make(entry.key, entry.value);
    if (!made) return fail(ErrorCode::data_loss, "The webhooks file '" + path_ + "': " + made.error().message);
    hooks_[entry.key] = {std::move(*made), false};
  }
  return {};
}

Result<void> HookRegistry::save(const Hooks& hooks) const {
  if (path_.empty()) return {};
  Value::Entries entries;
  for (const auto& [name, registered] : hooks) {
    if (!registered.from_file) entries.push_back({name, registered.hook->hook.source});
  }
  return write_whole(path_, to_json(Value::context(std::move(entries))) + "\n");
}

CompiledHookPtr HookRegistry::find(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = hooks_.find(name);
  return found == hooks_.end() ? nullptr : found->second.hook;
}

std::vector<RegisteredHook> HookRegistry::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<RegisteredHook> result;
  for (const auto& [name, registered] : hooks_) result.push_back(registered);
  return result;
}

Result<CompiledHookPtr> HookRegistry::put(std::string_view name, const Value& settings) {
  auto made = make(name, settings);
  if (!made) return fail(made.error());
  const std::scoped_lock lock(mutex_);
  const auto found = hooks_.find(name);
  if (found != hooks_.end() && found->second.from_file) {
    return fail(ErrorCode::conflict,
                "Webhook '" + std::string(name) + "' stands in the server's configuration file; change it there.");
  }
  if (found == hooks_.end() && hooks_.size() >= hooks_max) {
    return fail(ErrorCode::resource_exhausted, "There are 1,000 webhooks already; delete one first.");
  }
  Hooks changed = hooks_;
  changed[std::string(name)] = {*made, false};
  if (auto saved = save(changed); !saved) return fail(saved.error());
  hooks_ = std::move(changed);
  return made;
}

Result<void> HookRegistry::remove(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  const auto found = hooks_.find(name);
  if (found == hooks_.end()) return fail(ErrorCode::not_found, "There is no webhook '" + std::string(name) + "'.");
  if (found->second.from_file) {
    return fail(ErrorCode::conflict,
                "Webhook '" + std::string(name) + "' stands in the server's configuration file; remove it there.");
  }
  Hooks changed = hooks_;
  changed.erase(std::string(name));
  if (auto saved = save(changed); !saved) return saved;
  hooks_ = std::move(changed);
  return {};
}

}  // namespace fermata::http

// HookRegistry: the webhooks of this server: those of the configuration file, and those made over the API.
//
// Those of the file cannot be changed over the API. Those of the API are kept in a file of their own (no secret is in
// it), written anew and renamed into place before the change is answered. Thread-safe; a delivery keeps the hook that
// it began with.
//
//   auto registry = HookRegistry::open(data_dir + "/webhooks.json", hooks_of_the_configuration);
//   CompiledHookPtr hook = (*registry)->find("lead");
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "http/webhook_api/delivery_map.h"

namespace fermata::http {

struct RegisteredHook {
  CompiledHookPtr hook;
  bool from_file = false;  ///< of the configuration: read-only over the API
};

class HookRegistry {
 public:
  /// `configured`: name and settings from fermata.toml. `path` "": nothing made over the API is kept. invalid_argument:
  /// a hook is wrong; data_loss: the file cannot be understood.
  [[nodiscard]] static Result<std::unique_ptr<HookRegistry>> open(
      std::string path, const std::vector<std::pair<std::string, Value>>& configured);

  [[nodiscard]] CompiledHookPtr find(std::string_view name) const;
  [[nodiscard]] std::vector<RegisteredHook> all() const;  ///< by name
  /// Makes or replaces. conflict: the hook is one of the configuration file. resource_exhausted: there are 1,000
  /// already.
  [[nodiscard]] Result<CompiledHookPtr> put(std::string_view name, const Value& settings);
  /// not_found, or conflict as put().
  [[nodiscard]] Result<void> remove(std::string_view name);

 private:
  using Hooks = std::map<std::string, RegisteredHook, std::less<>>;

  explicit HookRegistry(std::string path) : path_(std::move(path)) {}
  [[nodiscard]] Result<void> load();
  [[nodiscard]] Result<void> save(const Hooks& hooks) const;

  const std::string path_;
  mutable std::mutex mutex_;
  Hooks hooks_;
};

}  // namespace fermata::http

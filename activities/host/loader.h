// The loader: opens a plugin library and checks its descriptor before anything of it runs. Refusals say what is wrong
// and what to do.
//
//   Result<const fermata_plugin*> plugin = load_plugin("/usr/lib/fermata/tryton.so");
#pragma once

#include <string>
#include <vector>

#include "activities/abi/fermata_activity.h"
#include "engine/base/result.h"

namespace fermata::activities {

/// Checks ABI band and revision, struct sizes and content (VERSIONING.md has the table). `where` names the plugin in
/// the refusal.
[[nodiscard]] Result<void> check_plugin(const fermata_plugin* plugin, const std::string& where);

/// Opens the library and checks its descriptor. An accepted library stays loaded until the process ends, because
/// threads of it may outlive every use. Refused: no regular file, writable by others, not loadable, no entry symbol, a
/// failed check.
[[nodiscard]] Result<const fermata_plugin*> load_plugin(const std::string& path);

/// The `*.so` files of a directory, sorted by name; not_found if it cannot be read.
[[nodiscard]] Result<std::vector<std::string>> plugin_files(const std::string& directory);

}  // namespace fermata::activities

#include "activities/host/loader.h"

#include <dlfcn.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <string_view>

#include "activities/sdk/utf8.h"

namespace fermata::activities {
namespace {

constexpr std::size_t activities_max = 1000;

// The sizes of revision 1000: what every plugin of band 1 has at least. They never change.
constexpr std::size_t plugin_size_min = offsetof(fermata_plugin, shutdown) + sizeof(fermata_plugin::shutdown);
constexpr std::size_t activity_size_min =
    offsetof(fermata_activity, repeat_safety_of) + sizeof(fermata_activity::repeat_safety_of);

std::string_view view(fermata_string text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

bool usable_name(std::string_view name) {
  return !name.empty() && name.size() <= 200 && sdk::is_valid_utf8(name);
}

std::string activity_defect(const fermata_activity* activity, std::set<std::string_view>& types) {
  if (activity == nullptr) return "is null";
  if (activity->struct_size < activity_size_min) return "has a struct_size smaller than that of ABI 1000";
  if (!usable_name(view(activity->type))) return "has no usable type";
  const std::string name = "\"" + std::string(view(activity->type)) + "\" ";
  if (!types.insert(view(activity->type)).second) return name + "is there twice";
  if (activity->execute == nullptr) return name + "has no execute function";
  if (activity->default_deadline_ms <= 0) return name + "has no positive default deadline";
  if (activity->max_concurrency < 0) return name + "has a negative max_concurrency";
  if (activity->repeat_safety < FERMATA_REPEAT_NONE || activity->repeat_safety > FERMATA_REPEAT_LOOKUP) {
    return name + "declares an unknown repeat safety";
  }
  if (activity->repeat_safety == FERMATA_REPEAT_LOOKUP && activity->lookup == nullptr)
    return name + "declares lookup but has no lookup function";
  return {};
}

}  // namespace

Result<void> check_plugin(const fermata_plugin* plugin, const std::string& where) {
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorCode::invalid_argument, "plugin " + where + " refused: " + why);
  };
  if (plugin == nullptr) return refuse("its entry function returned no descriptor");
  // struct_size and the versions stand at the same place in every band.
  if (plugin->struct_size < offsetof(fermata_plugin, name)) return refuse("its descriptor is too small to be one");
  if (plugin->abi_version / 1000 != FERMATA_ABI_BAND) {
    return refuse("it was built for ABI band " + std::to_string(plugin->abi_version / 1000) +
                  ", this engine speaks band " + std::to_string(FERMATA_ABI_BAND) +
                  ": rebuild it with this engine's header");
  }
  if (plugin->abi_version_required > FERMATA_ABI_VERSION) {
    return refuse("it needs ABI " + std::to_string(plugin->abi_version_required) + ", this engine offers " +
                  std::to_string(FERMATA_ABI_VERSION) + ": update the engine");
  }
  if (plugin->struct_size < plugin_size_min)
    return refuse("its descriptor has a struct_size smaller than that of ABI 1000");
  if (!usable_name(view(plugin->name))) return refuse("it has no usable name");
  if (plugin->activities == nullptr || plugin->activity_count == 0) return refuse("it offers no activity");
  if (plugin->activity_count > activities_max) return refuse("it offers more than 1000 activities");
  std::set<std::string_view> types;
  for (std::size_t i = 0; i < plugin->activity_count; ++i) {
    const std::string defect = activity_defect(plugin->activities[i], types);
    if (!defect.empty()) return refuse("activity " + std::to_string(i + 1) + " " + defect);
  }
  return {};
}

Result<const fermata_plugin*> load_plugin(const std::string& path) {
  const auto refuse = [&](ErrorCode code, const std::string& why) {
    return fail(code, "plugin " + path + " refused: " + why);
  };
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return refuse(ErrorCode::not_found, std::strerror(errno));
  if (!S_ISREG(info.st_mode)) return refuse(ErrorCode::invalid_argument, "it is not a regular file");
  if ((info.st_mode & S_IWOTH) != 0)
    return refuse(ErrorCode::permission_denied, "everybody may write to it: run chmod o-w on it");
  // An absolute path, so that dlopen does not search for the name in the system's library directories.
  const std::string absolute = std::filesystem::absolute(path).string();
  void* library = ::dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = ::dlerror();
    return refuse(ErrorCode::invalid_argument, why == nullptr ? "it cannot be loaded" : why);
  }
  void* symbol = ::dlsym(library, FERMATA_PLUGIN_SYMBOL);
  if (symbol == nullptr) {
    ::dlclose(library);
    return refuse(ErrorCode::invalid_argument,
                  "it does not export " FERMATA_PLUGIN_SYMBOL ", so it is no activity plugin of band 1");
  }
  const fermata_plugin* plugin = reinterpret_cast<fermata_plugin_entry>(symbol)();
  if (Result<void> checked = check_plugin(plugin, path); !checked) {
    ::dlclose(library);
    return fail(checked.error());
  }
  return plugin;
}

Result<std::vector<std::string>> plugin_files(const std::string& directory) {
  std::error_code error;
  std::vector<std::string> files;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".so") files.push_back(entry->path().string());
  }
  if (error) return fail(ErrorCode::not_found, "plugin directory " + directory + ": " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace fermata::activities

#include "activities/host/input_secrets.h"

#include "activities/sdk/json.h"
#include "activities/sdk/secret_reference.h"
#include "engine/base/limits.h"

namespace fermata::activities {
namespace {

using sdk::Json;

struct Refused {
  Error error;
};

class Resolver {
 public:
  explicit Resolver(const std::function<Result<std::string>(std::string_view)>& secret) : secret_(secret) {}

  [[nodiscard]] bool found() const { return found_; }

  /// `value` with what `fixed` has at the same places resolved. Throws Refused.
  [[nodiscard]] Json resolved(const Json& value, const Json& fixed) {
    if (value.kind() != fixed.kind()) return value;
    if (value.is_string()) return text(value, fixed);
    if (value.is_array()) return items(value, fixed);
    if (value.is_object()) return members(value, fixed);
    return value;
  }

 private:
  Json text(const Json& value, const Json& fixed) {
    if (value.as_string() != fixed.as_string() || !sdk::names_secret(value.as_string())) return value;
    found_ = true;
    return Json(sdk::with_secrets(value.as_string(), [this](std::string_view name) {
      Result<std::string> secret = secret_(name);
      if (!secret) throw Refused{secret.error()};
      return std::move(*secret);
    }));
  }
  Json items(const Json& value, const Json& fixed) {
    std::vector<Json> out;
    const std::vector<Json>& known = fixed.items();
    for (const Json& item : value.items())
      out.push_back(out.size() < known.size() ? resolved(item, known[out.size()]) : item);
    return Json::array(std::move(out));
  }
  Json members(const Json& value, const Json& fixed) {
    std::vector<Json::Member> out;
    for (const auto& [name, member] : value.members()) {
      const Json* known = fixed.find(name);
      out.emplace_back(name, known == nullptr ? member : resolved(member, *known));
    }
    return Json::object_of(std::move(out));
  }

  const std::function<Result<std::string>(std::string_view)>& secret_;
  bool found_ = false;
};

}  // namespace

Result<std::string> with_resolved_secrets(std::string_view input_json, std::string_view fixed_input_json,
                                          const std::function<Result<std::string>(std::string_view name)>& secret) {
  if (fixed_input_json.empty() || fixed_input_json == "{}") return std::string();
  try {
    constexpr int depth_max = static_cast<int>(limits::value_depth_max);
    Resolver resolver(secret);
    const Json resolved =
        resolver.resolved(Json::parse(input_json, depth_max), Json::parse(fixed_input_json, depth_max));
    return resolver.found() ? resolved.dump() : std::string();
  } catch (const Refused& refused) {
    return fail(refused.error);
  } catch (const sdk::JsonError& error) {
    return fail(ErrorCode::invalid_argument, std::string("the input is not usable: ") + error.what());
  }
}

}  // namespace fermata::activities

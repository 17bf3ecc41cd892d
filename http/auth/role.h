// Roles and the principal: who is calling, and what that caller may do.
//
// Floor 7, vocabulary only. Routes name the roles that may use them; a principal carries the roles of its token.
//
//   RoleSet deployers{Role::deployer};
//   Principal ci{"ci-pipeline", RoleSet{Role::deployer}};
//   ci.roles.effective().intersects(deployers)  ->  true
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace fermata::http {

enum class Role : std::uint8_t {
  reader,     ///< sees definitions, instances, variables, incidents, history
  starter,    ///< starts instances, publishes messages and signals
  worker,     ///< activates, completes and fails jobs
  operator_,  ///< changes running instances, resolves incidents, works on user tasks; may also read and start
  deployer,   ///< deploys and deletes models; may also read
  admin,      ///< everything, tokens and webhooks included
};
inline constexpr std::array all_roles{Role::reader,    Role::starter,  Role::worker,
                                      Role::operator_, Role::deployer, Role::admin};

/// "reader", "starter", "worker", "operator", "deployer", "admin".
[[nodiscard]] std::string_view role_name(Role role);
[[nodiscard]] std::optional<Role> role_from_name(std::string_view name);

class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) add(role);
  }
  constexpr void add(Role role) { bits_ = static_cast<std::uint8_t>(bits_ | bit(role)); }
  [[nodiscard]] constexpr bool contains(Role role) const { return (bits_ & bit(role)) != 0; }
  [[nodiscard]] constexpr bool intersects(RoleSet other) const { return (bits_ & other.bits_) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  /// With the roles that these imply: operator reads and starts, deployer reads, admin is everything.
  [[nodiscard]] constexpr RoleSet effective() const {
    if (contains(Role::admin)) {
      return RoleSet{Role::reader, Role::starter, Role::worker, Role::operator_, Role::deployer, Role::admin};
    }
    RoleSet result = *this;
    if (contains(Role::operator_)) result.bits_ |= RoleSet{Role::reader, Role::starter}.bits_;
    if (contains(Role::deployer)) result.add(Role::reader);
    return result;
  }
  friend constexpr bool operator==(RoleSet, RoleSet) = default;

 private:
  static constexpr std::uint8_t bit(Role role) {
    return static_cast<std::uint8_t>(1u << static_cast<std::uint8_t>(role));
  }
  std::uint8_t bits_ = 0;
};

/// Every role: the route is for any caller that has shown a valid credential.
inline constexpr RoleSet any_role{Role::reader,    Role::starter,  Role::worker,
                                  Role::operator_, Role::deployer, Role::admin};

/// The caller of a request, as authentication found it.
struct Principal {
  std::string name;  ///< the token's name, for logs and the audit; never the token
  RoleSet roles;
};

}  // namespace fermata::http

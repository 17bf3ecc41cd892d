#include "http/auth/role.h"

namespace fermata::http {

std::string_view role_name(Role role) {
  switch (role) {
    case Role::reader:
      return "reader";
    case Role::starter:
      return "starter";
    case Role::worker:
      return "worker";
    case Role::operator_:
      return "operator";
    case Role::deployer:
      return "deployer";
    case Role::admin:
      return "admin";
  }
  return "unknown";
}

std::optional<Role> role_from_name(std::string_view name) {
  for (const Role role : all_roles) {
    if (role_name(role) == name) return role;
  }
  return std::nullopt;
}

}  // namespace fermata::http

// StrongId: one integer type per kind of thing, so that a job key is never taken for an instance key.
//
//   struct JobTag;
//   using JobKey = StrongId<JobTag>;
//
// Keys are 64-bit: partition number in the high 13 bits, a counter in the low 51; 0 is "none". Clients see decimal strings.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace fermata {

template <class Tag>
class StrongId {
 public:
  constexpr StrongId() = default;
  explicit constexpr StrongId(std::int64_t raw) : raw_(raw) {}

  [[nodiscard]] constexpr std::int64_t raw() const { return raw_; }
  [[nodiscard]] explicit constexpr operator bool() const { return raw_ != 0; }
  [[nodiscard]] std::string text() const { return std::to_string(raw_); }

  friend constexpr auto operator<=>(StrongId, StrongId) = default;

 private:
  std::int64_t raw_ = 0;
};

}  // namespace fermata

template <class Tag>
struct std::hash<fermata::StrongId<Tag>> {
  std::size_t operator()(fermata::StrongId<Tag> id) const noexcept { return std::hash<std::int64_t>{}(id.raw()); }
};

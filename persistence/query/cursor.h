// Cursors: the place of a row in an order, as text that clients hand back unread. A cursor that was changed, cut off, or made for
// another order is recognised by its checksum (it protects against mistakes; what it says is only ever bound as a parameter).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/query/field.h"

namespace fermata::query {

/// FNV-1a, 64 bits.
[[nodiscard]] std::uint64_t checksum(std::string_view bytes);

[[nodiscard]] std::string make_cursor(const std::vector<Scalar>& position, std::uint64_t order_print);
/// nullopt when it is not one of ours, for this order, with `size` values.
[[nodiscard]] std::optional<std::vector<Scalar>> decode_cursor(std::string_view cursor, std::uint64_t order_print, std::size_t size);

}  // namespace fermata::query

// From the body of a search to a Query: filter, sort and page in the conventions of /v2.
//
// Floor 7, pure. Filter values are plain or {"$eq","$neq","$exists","$gt","$gte","$lt","$lte","$in","$notIn","$like"};
// "$or" takes groups of which at least one must hold. Whatever is not understood is refused with the name of the field.
//
//   Result<SearchRequest> search = parse_search(*body, process_instances);
//   if (!search) return answer_error(search.error());
//   if (search->matches_nothing) return empty_page();
#pragma once

#include "engine/base/result.h"
#include "engine/base/value.h"
#include "http/v2/collection.h"
#include "persistence/read_session.h"

namespace fermata::http::v2 {

using Query = fermata::Query;  // of the store; http::Query is the query string

struct SearchRequest {
  Query query;
  bool matches_nothing = false;  ///< the filter contradicts itself (another tenant, a state that never occurs)
};

/// invalid_argument, with a message that names the field.
[[nodiscard]] Result<SearchRequest> parse_search(const Value& body, const Collection& collection);

inline constexpr std::size_t search_limit_default = 100;
inline constexpr std::size_t search_limit_max = 10'000;
inline constexpr std::size_t search_conditions_max = 200;
inline constexpr std::size_t search_operands_max = 1'000;
inline constexpr std::size_t search_groups_max = 50;

}  // namespace fermata::http::v2

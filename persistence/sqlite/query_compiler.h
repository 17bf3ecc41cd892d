// QueryCompiler: a normalised query as SQL over the fields of its collection. Values are only ever bound, never spliced in.
//
// Floor 5, persistence/sqlite only.
//
//   const CompiledQuery compiled = compile(normalized, collection, "t.instance, t.key, ...");
//   page.sql, page.parameters       // the rows of the page, in order (reversed when the page lies before a cursor)
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "persistence/query/normalize.h"
#include "persistence/sqlite/statement.h"

namespace fermata::sqlite {

struct CompiledQuery {
  std::string page_sql;
  std::vector<query::Scalar> page_parameters;
  std::string count_sql;  ///< counts up to one more than the bound
  std::vector<query::Scalar> count_parameters;
  bool reversed = false;
};

/// `columns`: what the page shall select; the values of the order follow them.
[[nodiscard]] CompiledQuery compile(const query::Normalized& query, const query::CollectionInfo& collection, std::string_view columns);

void bind_all(Statement& statement, const std::vector<query::Scalar>& parameters);

}  // namespace fermata::sqlite

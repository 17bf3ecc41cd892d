// What can come to the columns of a decision table, as far as the model says.
#pragma once

#include "processes/dmn/lint/column.h"
#include "processes/dmn/lint/variables.h"
#include "processes/dmn/read_context.h"

namespace fermata::dmn::lint {

/// One for each <input>, in their order.
[[nodiscard]] std::vector<ColumnSource> column_sources(const ReadContext& context,
                                                       const std::vector<const XmlElement*>& inputs,
                                                       const TableParts& parts, const Variables& variables);

}  // namespace fermata::dmn::lint

// What a decision table leaves open, says twice or never says (DMN 1.5, 8.2.10), as hints with an example:
//
//   DMN-0407  the rules 2 and 3 both match, for example with Age = 17
//   DMN-0408  the rule 4 is never reached: those before it match whatever it does
//   DMN-0409  no rule matches, for example with Age = 17, Segment = "gold"
//
// Everything that is said is so: cells that are more than literals, inputs that are computed or depend on each other,
// and values that nobody can know are left alone. The table is looked at by itself: that the decisions which give its
// inputs never give such an example is not considered, nor is null where an example is asked for. Bounded: beyond
// table_steps_max, or once a file has used up its Budget, nothing more is said.
#pragma once

#include "processes/dmn/decision_table.h"
#include "processes/dmn/lint/variables.h"
#include "processes/dmn/read_context.h"

namespace fermata::dmn::lint {

/// Adds hints to the problems of the context. `parts` is what `table` was compiled to; a table whose rules do not fit
/// its inputs is passed over.
void lint_table(ReadContext& context, const XmlElement& table, const TableParts& parts, const Variables& variables);

}  // namespace fermata::dmn::lint

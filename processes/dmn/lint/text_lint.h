// What a FEEL text of a model names that nobody gives it, and what it compares that can never be compared:
//
//   DMN-0307  'Agee' is not known here (did you mean 'Age'?)
//   DMN-0308  'Age' is an element of the model, but this one does not require it
//   DMN-0309  a number is compared with a string
#pragma once

#include "processes/dmn/lint/variables.h"
#include "processes/dmn/read_context.h"
#include "processes/feel/embedded.h"

namespace fermata::dmn::lint {

/// For feel::embed(): knows the types of the variables, which must outlive it.
[[nodiscard]] feel::Remarks remarks_for(const Variables& variables);

/// Adds to the problems of the context what was remarked in a text at `at`. Of names nothing is said where the model
/// does not declare what is seen (Variables), and within filters.
void report_remarks(ReadContext& context, const XmlElement& at, const feel::Source& source,
                    const feel::Remarks& remarks, const Variables& variables);

/// The candidate that is nearest to a name, if it may be what was meant: a letter or two wrong, missing or swapped, or
/// another case. "" when none is. `steps_left` is charged; without it nothing is looked for.
[[nodiscard]] std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& candidates,
                                            std::uint64_t& steps_left);

}  // namespace fermata::dmn::lint

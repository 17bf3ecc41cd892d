// The catalogue of rules: every reason why a DMN file may be refused or remarked upon, each with an id that never
// changes. Numbers are never reused. `clause` names the section of DMN 1.5.
#pragma once

#include <span>

#include "processes/xml/rule.h"

namespace fermata::dmn {

using xml::Rule;
using xml::Severity;

// clang-format off
#define FERMATA_DMN_RULES(X) \
  /* The file */ \
  X(xml_bounds, "DMN-0001", error, "The file stays within the bounds on size, elements, depth, attributes and names.", "engine/base/limits.h", "Split the model or remove what a modeler would not write.") \
  X(encoding, "DMN-0002", error, "The encoding is UTF-8, US-ASCII, ISO-8859-1, Windows-1252 or UTF-16.", "XML 1.0, 4.3.3", "Save the file as UTF-8.") \
  X(invalid_character, "DMN-0003", error, "Every character is valid UTF-8 and allowed in XML.", "XML 1.0, 2.2", "Save the file as UTF-8 and remove control characters.") \
  X(doctype, "DMN-0004", error, "There is no DOCTYPE.", "security", "Remove it: DMN needs none, and it can make a reader load other files or explode.") \
  X(entity, "DMN-0005", error, "Only the five entities of XML are used.", "security", "Write the character itself.") \
  X(not_well_formed, "DMN-0006", error, "The file is well-formed XML with one root.", "XML 1.0, 2.1", "Open it in a modeler and save it again, or correct the XML here.") \
  X(duplicate_attribute, "DMN-0007", error, "No element has an attribute twice.", "XML 1.0, 3.1", "Keep one of them.") \
  X(unbound_prefix, "DMN-0008", error, "Every prefix is bound to a namespace.", "Namespaces in XML", "Add the xmlns declaration of the prefix to <definitions>.") \
  X(not_dmn, "DMN-0009", error, "The root is <definitions> in a namespace of DMN 1.1 to 1.5.", "6.3.2", "Save the model as DMN 1.1 to 1.5.") \
  X(too_many_problems, "DMN-0010", warning, "The list of problems is complete.", "engine/base/limits.h", "Mend these first and try again.") \
  X(model_bounds, "DMN-0011", error, "The model stays within the bounds on elements, cells and requirements in a row.", "processes/dmn/dmn.h", "Split the model.") \
  /* Elements and references */ \
  X(missing_name, "DMN-0101", error, "Decisions, input data, knowledge models, services, items and imports have a name.", "6.3.1", "Give it a name: expressions call it by that.") \
  X(duplicate_id, "DMN-0102", error, "An id is used once in a file.", "6.3.1", "Give one of them another id.") \
  X(duplicate_name, "DMN-0103", warning, "Decisions, input data, knowledge models and services have different names.", "6.3.7", "Rename one of them: by its name, only the first is found.") \
  X(dangling_reference, "DMN-0104", error, "A reference names an element of the model or of one that it imports.", "6.3.13", "Correct the href or add the missing element.") \
  X(reference_type, "DMN-0105", error, "A reference names an element of the right type.", "6.3.13", "Let it refer to an element of that type.") \
  X(requirement_cycle, "DMN-0106", error, "A decision does not require itself, directly or through others.", "6.3.7", "Remove one of the requirements.") \
  X(missing_import, "DMN-0107", error, "An imported model is there.", "6.3.3", "Deploy the model with this namespace together with this one.") \
  X(import_type, "DMN-0108", error, "Only DMN models are imported.", "6.3.3", "Remove the import: PMML and XML Schema are not executed.") \
  X(import_cycle, "DMN-0109", error, "Models do not import each other in a circle.", "6.3.3", "Move what both need into a model of its own.") \
  X(duplicate_item, "DMN-0110", error, "Item definitions have different names.", "7.3.3", "Rename one of them.") \
  /* Types */ \
  X(unknown_type, "DMN-0201", error, "A type is one of FEEL or an item definition.", "7.3.3", "Correct the typeRef or add the item definition.") \
  X(type_cycle, "DMN-0202", error, "An item definition is not defined as itself.", "7.3.3", "Say what it is made of.") \
  /* Expressions */ \
  X(expression, "DMN-0301", error, "An expression is valid FEEL.", "10.3", "Correct it there.") \
  X(missing_expression, "DMN-0302", warning, "Where an expression is expected there is one.", "10.2.1", "Write it; until then the value is null.") \
  X(expression_language, "DMN-0303", error, "Expressions are written in FEEL.", "7.3.5", "Write it in FEEL and remove the attribute expressionLanguage.") \
  X(unknown_expression, "DMN-0304", error, "Expressions are of the kinds that DMN has.", "10.2.1", "Use a literal expression, decision table, context, list, relation, function, invocation, conditional, filter or iterator.") \
  X(imported_values, "DMN-0305", error, "Expressions do not import their values.", "7.3.5", "Copy the text of the expression into the model.") \
  X(external_function, "DMN-0306", warning, "Functions are written in FEEL.", "10.3.2.13.3", "Java and PMML are not executed: a call gives null.") \
  X(unknown_name, "DMN-0307", hint, "An expression names what its element requires, its own variables, or built-in functions.", "10.3.2.11", "Correct the name, or add the requirement; until then it is null, unless the caller gives it.") \
  X(missing_requirement, "DMN-0308", warning, "An expression that names an element of the model is in one that requires it.", "6.3.13", "Draw the requirement; until then the name is null.") \
  X(type_mismatch, "DMN-0309", hint, "Values of the same kind are compared.", "10.3.2.15", "Correct one side: the comparison is never true.") \
  /* Decision tables */ \
  X(hit_policy, "DMN-0401", error, "The hit policy and aggregation are those of DMN.", "8.2.10", "Use UNIQUE, ANY, PRIORITY, FIRST, COLLECT (with SUM, MIN, MAX or COUNT), RULE ORDER or OUTPUT ORDER.") \
  X(rule_shape, "DMN-0402", error, "A rule has one entry for each input and output.", "8.3.3", "Add or remove entries.") \
  X(output_values, "DMN-0403", error, "A table that goes by priority lists its output values, the most important first.", "8.2.10", "Add <outputValues>, or give the output a type with allowed values.") \
  X(output_name, "DMN-0404", error, "Each of several outputs has a name.", "8.3.2", "Name it: the result is a context.") \
  X(aggregation, "DMN-0405", error, "Only one output is aggregated.", "8.2.10", "Split the table, or collect without an aggregation.") \
  X(no_output, "DMN-0406", error, "A table has an output.", "8.3.1", "Add one.") \
  X(overlap, "DMN-0407", hint, "No input matches two rules of a table that is UNIQUE, or two with different outputs of one that is ANY.", "8.2.10", "Narrow one of the rules, or choose a hit policy that says which of them counts.") \
  X(unreachable_rule, "DMN-0408", hint, "Every rule of a table can decide.", "8.2.10", "Remove the rule, widen it, or move it up.") \
  X(gap, "DMN-0409", hint, "A table has a rule for every input, or a default output.", "8.2.11", "Add a rule or a default output, unless null is what is meant.") \
  /* Services */ \
  X(service_output, "DMN-0501", error, "A decision service has an output decision.", "6.3.10", "Name one.")
// clang-format on

namespace rules {
#define FERMATA_DECLARE_RULE(name, id, severity, title, clause, advice) \
  inline constexpr Rule name{id, Severity::severity, title, clause, advice};
FERMATA_DMN_RULES(FERMATA_DECLARE_RULE)
#undef FERMATA_DECLARE_RULE
}  // namespace rules

inline constexpr xml::FileRules file_rules{
    rules::xml_bounds, rules::encoding,        rules::invalid_character,   rules::doctype,
    rules::entity,     rules::not_well_formed, rules::duplicate_attribute, rules::unbound_prefix};

/// All of them, in the order of their ids.
[[nodiscard]] std::span<const Rule* const> all_rules();

}  // namespace fermata::dmn

#include <algorithm>

#include "processes/dmn/read_context.h"
#include "processes/xml/unicode.h"

namespace fermata::dmn {

void read_imports(ReadContext& context) {
  for (const XmlElement* element : children(context.root, "import")) {
    const std::string_view type = element->get("importType");
    const std::string name_space(xml::trimmed(element->get("namespace")));
    if (xml::namespace_of_uri(type) != xml::Namespace::dmn) {
      context.problems.add(
          rules::import_type, *element,
          "the import of '" + name_space.substr(0, 200) + "' is of type '" + std::string(type.substr(0, 200)) + "'");
      continue;
    }
    const auto found = std::ranges::find_if(context.options.imports, [&](const ModelPtr& model) {
      return model != nullptr && model->name_space() == name_space;
    });
    if (found == context.options.imports.end()) {
      context.problems.add(rules::missing_import, *element,
                           "there is no model with the namespace '" + name_space.substr(0, 200) + "'");
      continue;
    }
    std::shared_ptr<const ModelData> model = data_of(*found);
    context.model.import_depth = std::max(context.model.import_depth, model->import_depth + 1);
    context.model.imports.push_back({std::string(element->get("name")), name_space, std::move(model)});
  }
  if (context.model.import_depth > context.options.limits.import_depth_max) {
    context.problems.add(
        rules::model_bounds, context.root,
        "more than " + std::to_string(context.options.limits.import_depth_max) + " models import each other in a row");
  }
}

}  // namespace fermata::dmn

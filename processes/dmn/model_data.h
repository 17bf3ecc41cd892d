// ModelData: one DMN file, compiled: what read_model.cpp makes and instance.h evaluates. Immutable once it is made.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "processes/dmn/dmn.h"
#include "processes/dmn/function_code.h"
#include "processes/dmn/item_type.h"
#include "processes/feel/names.h"

namespace fermata::dmn {

struct ModelData;

/// An element of this model or, through one of its imports, of another.
struct Reference {
  enum class Kind : std::uint8_t { input, decision, knowledge, service };
  static constexpr std::size_t own = static_cast<std::size_t>(-1);

  Kind kind = Kind::input;
  std::size_t import = own;
  std::size_t index = 0;  ///< in the vector of its kind
};

struct InputData {
  InputInfo info;
  std::string name;  ///< its own, should its variable have another
  ItemTypePtr type;
  feel::SourcePtr place;
};

struct Decision {
  DecisionInfo info;
  ItemTypePtr type;
  feel::NodePtr logic;  ///< null: there is none
  std::size_t frame = 0;
  std::vector<Reference> required;
  feel::SourcePtr place;
};

struct Knowledge {
  std::string id;
  std::string name;
  std::shared_ptr<const FunctionCode> code;
  std::vector<Reference> required;
  feel::SourcePtr place;
};

struct Service {
  ServiceInfo info;
  ItemTypePtr result;
  std::vector<Reference> outputs;
  std::vector<Reference> parameters;  ///< input data, then input decisions
  feel::SourcePtr place;
};

struct Import {
  std::string name;  ///< empty: its elements go by their own names
  std::string name_space;
  std::shared_ptr<const ModelData> model;
};

struct ModelData : std::enable_shared_from_this<ModelData> {
  std::string resource;
  std::string id;
  std::string name;
  std::string name_space;
  Limits limits;
  std::vector<Import> imports;
  std::size_t import_depth = 0;   ///< models below this one
  std::size_t deepest_logic = 0;  ///< levels of the deepest tree of all decisions
  std::map<std::string, ItemTypePtr, std::less<>> items;
  std::vector<feel::TypeDefinition> item_texts;  ///< the same for FEEL, by name
  std::vector<InputData> inputs;
  std::vector<Decision> decisions;
  std::vector<Knowledge> knowledge;
  std::vector<Service> services;
  std::map<std::string, Reference, std::less<>> by_id;
  std::set<std::string, std::less<>> variables;  ///< names of inputs, decisions, knowledge, services, imports
  feel::NameSet members;                         ///< what may stand after a dot, with those of imported models
  std::vector<std::string> member_names;

  // What Model lists.
  std::vector<InputInfo> input_infos;
  std::vector<DecisionInfo> decision_infos;
  std::vector<ServiceInfo> service_infos;
};

/// What expressions call the element.
[[nodiscard]] const std::string& variable_of(const ModelData& model, const Reference& reference);
/// A decision of the same file is also called by its id, as Camunda's modelers write it ("season" for "The season"), unless something in
/// the model has that name; "" when it has no second name.
[[nodiscard]] std::string_view second_name_of(const ModelData& model, const Reference& reference);

/// The compiled form behind a Model; every Model is one of these.
[[nodiscard]] ModelPtr make_model(std::shared_ptr<const ModelData> data);
[[nodiscard]] std::shared_ptr<const ModelData> data_of(const ModelPtr& model);

}  // namespace fermata::dmn

#include "engine/behavior/shared/messages.h"

#include "engine/base/check.h"
#include "engine/behavior/shared/expressions.h"

namespace fermata {

Attempt throw_message(Execution& x, const Element& element, ElementInstanceKey key) {
  FERMATA_CHECK(element.message.has_value(), "a throwing message event without a message or a job is refused at deployment");
  const Attempted<std::string> name = evaluate_text(x, *element.message->name, key, "the message name");
  if (!name) return tl::unexpected(name.error());
  const Attempted<std::string> correlation_key = evaluate_optional_text(x, element.message->correlation_key, key, "the correlation key");
  if (!correlation_key) return tl::unexpected(correlation_key.error());
  PublishMessage message;
  message.name = *name;
  // Without an expression the business key is the correlation key, as it is for the waiting side.
  message.correlation_key = element.message->correlation_key ? *correlation_key : x.state().instance.business_key;
  message.variables = x.state().variables_of(key);
  message.ttl = x.options().thrown_message_ttl;
  const auto trouble = x.surroundings().trouble_with_message(message.name, message.correlation_key.value_or(""), x.state());
  if (!trouble) return failed(IncidentType::extract_value_error, trouble.error().message);
  if (*trouble) return failed(IncidentType::extract_value_error, **trouble);
  x.follow_up(std::move(message));
  return {};
}

}  // namespace fermata

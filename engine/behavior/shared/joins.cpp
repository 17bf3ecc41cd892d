#include "engine/behavior/shared/joins.h"

namespace fermata {

void park_token(Execution& x, const Element& gateway, const EnterStep& arriving) {
  Token token;
  token.key = x.new_key<TokenKey>();
  token.scope = arriving.scope;
  token.flow = arriving.via;
  token.gateway = gateway.index;
  token.arrived_at = x.now();
  x.emit(TokenParked{token});
}

TokenKey waiting_token(const Execution& x, ElementInstanceKey scope, FlowIndex flow) {
  for (const Token& token : x.state().tokens) {
    if (token.scope == scope && token.flow == flow) return token.key;
  }
  return TokenKey{};
}

}  // namespace fermata

use bedrock_models::anthropic::claude_3_haiku::{Message, Request};

fn main() {
    let _ = Request::new(512, [Message::user("Hello")]).thinking(());
//~                                                     ^^^^^^^^ ERROR[E0599] `thinking`
}

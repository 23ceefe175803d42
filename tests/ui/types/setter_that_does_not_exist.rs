use bedrock_models::anthropic::claude_haiku_4_5::{Message, Request};

fn main() {
    let _ = Request::new(512, [Message::user("Hello")]).temprature(0.5);
//~                                                     ^^^^^^^^^^ ERROR[E0599] `temprature`
}

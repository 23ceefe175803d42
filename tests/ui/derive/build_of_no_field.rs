use bedrock_models::json::{Build, Extra, Json, Value};

#[derive(Build)]
#[build(user(rol = "user"))]
//~          ^^^ ERROR `Message` has no field `rol`
struct Message {
    role: String,
    extra: Extra,
}

fn main() {}

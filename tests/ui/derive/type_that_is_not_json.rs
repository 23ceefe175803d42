use bedrock_models::json::{Build, Extra, Json, Value};

struct Mine;

#[derive(Json)]
//~      ^^^^ ERROR[E0277] `Mine` can't be written as JSON
//~      ^^^^ ERROR[E0277] `Mine` can't be read as JSON
#[json(request)]
struct Request {
    mine: Mine,
}

fn main() {}

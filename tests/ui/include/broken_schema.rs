mod mine {
    bedrock_models::include_schema!("schemas/broken.json");
//~                                 ^^^^^^^^^^^^^^^^^^^^^ ERROR `minLength` must be an integer of at least 0, found "1" … schemas/broken.json:10:52 … at #/$defs/Request/properties/prompt/minLength
//~                                 ^^^^^^^^^^^^^^^^^^^^^ ERROR there is no keyword `maximun` … schemas/broken.json:11:44 … at #/$defs/Request/properties/temperature/maximun … help: did you mean `maximum`?
}

fn main() {}

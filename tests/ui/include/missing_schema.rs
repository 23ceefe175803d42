mod mine {
    bedrock_models::include_schema!("schemas/your-model.json");
//~                                 ^^^^^^^^^^^^^^^^^^^^^^^^^ ERROR can't read … schemas/your-model.json … the path is relative to the folder of Cargo.toml
}

fn main() {}

//! `cargo xtask demo`: the main job, on one's own machine. Schemas become Rust types; typed requests go over HTTP,
//! signed by the AWS SDK, to a local Bedrock; replies come back typed; wrong parameters are stopped.

use std::error::Error;
use std::process::Command;
use std::time::Instant;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use bedrock_codegen::ir::{Presence, Shape};
use bedrock_local::Server;
use bedrock_models::amazon::titan_embed_text_v2;
use bedrock_models::anthropic::claude_haiku_4_5::{ClaudeHaiku4_5, Message, Request};
use bedrock_models::stability::sd3_5_large::Sd3_5Large;
use bedrock_models::{Client, request};
use xtask::regen;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome {
    schemas()?;
    let server = Server::start().await?;
    let bedrock = Client::from_conf(&local(&server).await);
    title("Typed calls, signed, over HTTP, to a local Bedrock");
    println!("  listening on {}", server.endpoint_url());
    chat(&bedrock).await?;
    image(&bedrock).await?;
    embedding(&bedrock).await?;
    before_sending(&bedrock).await;
    compiler()?;
    println!("\nThe whole of this program is tests/demo/main.rs. Next: README.md");
    Ok(())
}

fn title(text: &str) {
    println!("\n\x1b[1m{text}\x1b[0m");
}

/// What `cargo xtask regen` does, without writing.
fn schemas() -> Outcome {
    title("JSON Schemas become Rust");
    let start = Instant::now();
    let (program, files) = regen::build(&xtask::workspace::root(), None, &mut regen::Clock::new())?;
    let models: usize = program.apis.iter().map(|api| api.models.len()).sum();
    let types: usize = program.apis.iter().map(|api| api.types.len()).sum();
    let lines: usize =
        files.iter().filter(|(path, _)| path.ends_with(".rs")).map(|(_, text)| text.lines().count()).sum();
    println!(
        "  {} schema files → {models} models of {} APIs → {types} types, {lines} lines, in {:.1} s",
        program.documents.len(),
        program.apis.len(),
        start.elapsed().as_secs_f64()
    );
    println!("  what a model does not take, its type does not have:");
    for model in ["claude-3-haiku", "claude-haiku-4-5", "claude-opus-4-7"] {
        let found = program.apis.iter().flat_map(|api| api.models.iter().map(move |model| (api, model)));
        for (api, model) in found.filter(|(_, known)| known.stem == model) {
            let request = &api.types[model.request.0 as usize].ty;
            if let Shape::Struct(shape) = &request.shape {
                // A constant is sent, but it is no field.
                let own = shape.fields.iter().filter(|field| !matches!(field.presence, Presence::Fixed(_)));
                let fields: Vec<String> = own.map(|field| field.name.to_string()).collect();
                println!("    {}::Request {{ {} }}", model.module, fields.join(", "));
            }
        }
    }
    Ok(())
}

/// The SDK's own configuration, pointed at the local server. The credentials only have to be there.
async fn local(server: &Server) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret-of-the-demo", None, None, "demo"))
        .endpoint_url(server.endpoint_url())
        .load()
        .await
}

async fn chat(bedrock: &Client) -> Outcome {
    let ask = Request::new(512, [Message::user("Why is the sky blue?")]).temperature(0.3);
    let reply = bedrock.invoke(ClaudeHaiku4_5.us(), &ask).await?;
    println!("  Claude Haiku 4.5: {} ({} tokens)", reply.text(), reply.usage.output_tokens);

    // The same, written as JSON and checked while compiling; the events come as they arrive.
    let question = "And at sunset?";
    let ask = request!(ClaudeHaiku4_5 { max_tokens: 512, messages: [{ role: "user", content: question }] });
    let mut words = bedrock.stream(ClaudeHaiku4_5.us(), &ask).await?.text();
    print!("  … streaming: ");
    while let Some(delta) = words.next().await {
        print!("{}", delta?);
    }
    println!();
    Ok(())
}

async fn image(bedrock: &Client) -> Outcome {
    let ask =
        request!(Sd3_5Large { prompt: "a lighthouse at dusk", aspect_ratio: "3:2", output_format: "png", seed: 7 });
    let reply = bedrock.invoke(Sd3_5Large, &ask).await?;
    let path = std::env::temp_dir().join("bedrock-demo.png");
    let images = reply.images.as_ref().ok_or("no image in the reply")?;
    let png = images.first().ok_or("no image in the reply")?;
    std::fs::write(&path, &**png)?;
    println!("  Stable Diffusion 3.5 Large: {} bytes of PNG, saved as {}", png.len(), path.display());
    Ok(())
}

async fn embedding(bedrock: &Client) -> Outcome {
    let ask = titan_embed_text_v2::Request::new("The sky is blue.").dimensions(256).normalize(true);
    let reply = bedrock.invoke(titan_embed_text_v2::TitanEmbedTextV2, &ask).await?;
    let vector = reply.embedding.as_deref().unwrap_or_default();
    println!("  Titan Text Embeddings V2: {} dimensions, {:.3?} …", vector.len(), &vector[..vector.len().min(4)]);
    Ok(())
}

/// Values that are known only at run time are checked before anything is sent.
async fn before_sending(bedrock: &Client) {
    title("A wrong value, stopped before sending");
    let from_a_form: f64 = "1.5".parse().unwrap_or_default();
    let ask = Request::new(512, [Message::user("Why is the sky blue?")]).temperature(from_a_form);
    match bedrock.invoke(ClaudeHaiku4_5.us(), &ask).await {
        Ok(_) => println!("  it was sent: that is a bug"),
        Err(error) => println!("  {}", error.to_string().replace('\n', "\n  ")),
    }
}

/// Builds the wrong program with what is already built, and shows what rustc says.
fn compiler() -> Outcome {
    title("Wrong parameters, stopped by the compiler");
    let arguments = ["build", "--quiet", "--package", "bedrock-tests", "--example", "wrong", "--features", "wrong"];
    let mut command: Command = xtask::cargo::command(&arguments);
    let color = if std::io::IsTerminal::is_terminal(&std::io::stdout()) { "always" } else { "never" };
    let output = command.args(["--color", color]).output()?;
    if output.status.success() {
        return Err("the wrong program compiled: that is a bug".into());
    }
    print!("{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

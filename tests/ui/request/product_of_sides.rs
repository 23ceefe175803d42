use bedrock_models::amazon::nova_canvas::NovaCanvas;
use bedrock_models::request;

fn main() {
    let _ = request!(NovaCanvas {
        taskType: "TEXT_IMAGE",
        textToImageParams: { text: "a lighthouse" },
        imageGenerationConfig: { width: 4096, height: 4096 },
//~                                     ^^^^ ERROR `width` × `height` must be at most 4194304, found 16777216: width × height may be 4,194,304 at most.
    });
}

use bedrock_models::amazon::nova_canvas::NovaCanvas;
use bedrock_models::request;

fn main() {
    let _ = request!(NovaCanvas {
        taskType: "TEXT_IMAGE",
        textToImageParams: { text: "" },
//~                                ^^ ERROR must not be empty for Nova Canvas
        imageGenerationConfig: { width: 500, height: 512 },
//~                                     ^^^ ERROR must be a multiple of 16 for Nova Canvas, found 500
    });
}

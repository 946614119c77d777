use leptos::prelude::*;

use super::Life;

impl Life {
    /// Runs the function before the browser paints the next time, if the component is still there then.
    pub(crate) fn on_next_frame(self, run: impl FnOnce() + 'static) {
        request_animation_frame(move || {
            if self.lasts() {
                run();
            }
        });
    }
}

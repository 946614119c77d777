use std::time::Duration;

use leptos::prelude::*;

use super::Life;

impl Life {
    /// Runs the function once, so much later, if the component is still there then.
    pub(crate) fn after(self, pause: Duration, run: impl FnOnce() + 'static) {
        set_timeout(
            move || {
                if self.lasts() {
                    run();
                }
            },
            pause,
        );
    }
}

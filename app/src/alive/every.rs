use std::time::Duration;

use super::Life;

impl Life {
    /// Runs the function again and again, with that pause before each time, as long as the component is there.
    pub(crate) fn every(self, pause: Duration, mut run: impl FnMut() + 'static) {
        self.after(pause, move || {
            run();
            self.every(pause, run);
        });
    }
}

use std::{
    future::{Future, poll_fn},
    task::Poll,
};

use super::Life;

impl Life {
    /// Works on a future as long as the component is there: what it awaits after that is not gone on with.
    pub(crate) fn spawn(self, work: impl Future<Output = ()> + 'static) {
        let mut work = Box::pin(work);
        leptos::task::spawn_local(poll_fn(move |context| {
            if self.lasts() {
                work.as_mut().poll(context)
            } else {
                Poll::Ready(())
            }
        }));
    }
}

/// Works on a future that belongs to no component and touches nothing of one.
#[cfg(not(feature = "ssr"))]
pub(crate) fn apart(work: impl Future<Output = ()> + 'static) {
    leptos::task::spawn_local(work);
}

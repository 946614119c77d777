use std::time::Duration;

use jiff::Timestamp;
use leptos::{
    ev::{KeyboardEvent, PointerEvent, WheelEvent},
    html::Canvas,
    prelude::*,
};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use tidemark_domain::timeline::TimelineRow;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Element, HtmlAnchorElement, HtmlCanvasElement};

use super::{
    Links,
    board::Hands,
    canvas::{Inks, Scene},
    live::Live,
};
use crate::{
    alive::Life,
    clock::{PageClock, page_clock},
    layout::announce,
    server_fns::timeline::Range,
};

/// How long a view rests before it is loaded finer and its address is told.
const REST: Duration = Duration::from_millis(90);

const INKS: [&str; 10] = [
    "text",
    "muted",
    "line",
    "line-strong",
    "accent",
    "accent-ground",
    "surface",
    "cold",
    "bad",
    "warn",
];

const HELP: &str = "Left and right move through time, with Shift from mark to mark; up and down \
     change the resource; plus and minus zoom; Home and End go to the first and last; Enter starts \
     a restore there. The same is in the table below.";

/// The hydrated drawing. It draws what is loaded last at once, and loads what is seen when it rests.
///
/// Hands may be on it while its page is left, so nothing of it takes for granted that it is still there.
#[derive(Clone, Copy)]
struct Drawing {
    life: Life,
    live: StoredValue<Live>,
    links: StoredValue<Links>,
    canvas: NodeRef<Canvas>,
    readout: RwSignal<String>,
    hands: StoredValue<Hands>,
    clock: PageClock,
    /// A frame is asked for already.
    framed: StoredValue<bool>,
    /// Lanes are being loaded.
    loading: StoredValue<bool>,
    /// Counts movements, so that only the last one's rest counts.
    moves: StoredValue<u32>,
}

/// Lanes on a canvas over those that the server drew.
#[component]
pub(super) fn LaneCanvas(
    /// The lanes as the server loaded them.
    rows: Vec<TimelineRow>,
    /// Where marks lead.
    links: Links,
    /// Where "now" is.
    now: Timestamp,
    /// What the drawing asks of its page.
    hands: Hands,
) -> impl IntoView {
    let Some(live) = Live::of(rows, now) else {
        return ().into_any();
    };
    let drawing = Drawing {
        life: Life::here(),
        live: StoredValue::new(live),
        links: StoredValue::new(links),
        canvas: NodeRef::new(),
        readout: RwSignal::new(String::new()),
        hands: StoredValue::new(hands),
        clock: page_clock(),
        framed: StoredValue::new(false),
        loading: StoredValue::new(false),
        moves: StoredValue::new(0),
    };
    drawing.begin();
    let navigate = StoredValue::new(use_navigate());
    let open = move |lane: usize, at: f64, y: Option<f64>| {
        if let Some(href) = drawing.chosen(lane, at, y) {
            navigate.try_with_value(|navigate| navigate(&href, NavigateOptions::default()));
        }
    };
    let release = move |event: PointerEvent| {
        let (x, y) = place(&event);
        let clicked = drawing.live.try_update_value(Live::release) == Some(true);
        drawing.moved();
        if clicked {
            let found = drawing.live.try_with_value(|live| {
                let (lane, inside) = live.lane_at(y)?;
                Some((lane, live.view.at(x / live.width), inside))
            });
            if let Some(Some((lane, at, inside))) = found {
                open(lane, at, Some(inside));
            }
        }
    };
    let keys = move |event: KeyboardEvent| {
        if drawing.key(&event) {
            return;
        }
        if event.key() == "Enter"
            && let Some(Some((lane, at))) = drawing.live.try_with_value(|live| live.cursor)
        {
            event.prevent_default();
            open(lane, at, None);
        }
    };
    let samples = INKS
        .map(|ink| view! { <i class="board-ink" data-ink=ink></i> })
        .collect_view();
    let zoom = move |times: f64| {
        drawing.live.try_update_value(|live| live.zoom(times, None));
        drawing.moved();
    };
    let pan = move |by: f64| {
        drawing
            .live
            .try_update_value(|live| live.view = live.view.moved(by));
        drawing.moved();
    };
    view! {
        <span hidden>{samples}</span>
        <canvas
            class="board-canvas"
            node_ref=drawing.canvas
            tabindex="0"
            role="application"
            aria-label="Timeline"
            aria-describedby="board-help"
            on:pointerdown=move |event| drawing.press(&event)
            on:pointermove=move |event| drawing.follow(&event)
            on:pointerup=release
            on:pointerleave=move |_| drawing.leave()
            on:pointercancel=move |_| drawing.leave()
            on:wheel=move |event| drawing.wheel(&event)
            on:keydown=keys
        ></canvas>
        <p id="board-help" class="visually-hidden">{HELP}</p>
        <div class="board-tools">
            <p class="board-readout" aria-hidden="true">{move || drawing.readout.get()}</p>
            <div class="buttons">
                <button class="button button-small" on:click=move |_| pan(-0.5) aria-label="Earlier">"←"</button>
                <button class="button button-small" on:click=move |_| pan(0.5) aria-label="Later">"→"</button>
                <button class="button button-small" on:click=move |_| zoom(0.5) aria-label="Closer">"+"</button>
                <button class="button button-small" on:click=move |_| zoom(2.0) aria-label="Farther">"−"</button>
                <button class="button button-small" on:click=move |_| drawing.picture()>"PNG"</button>
            </div>
        </div>
    }
    .into_any()
}

/// Where on the canvas the pointer is.
fn place(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.offset_x()), f64::from(event.offset_y()))
}

impl Drawing {
    /// Measures and draws as soon as the canvas is there, and when the window changes.
    fn begin(self) {
        Effect::new(move |_| {
            if self.canvas.get().is_some() {
                self.measure();
                self.rest();
            }
        });
        self.life
            .listen(leptos::ev::resize, move |_| self.measure());
        Effect::new(move |_| {
            let now = self.clock.now();
            self.live.try_update_value(|live| live.now = now);
            self.ask_frame();
        });
    }

    /// The canvas, while it is there.
    fn canvas(self) -> Option<HtmlCanvasElement> {
        self.canvas.try_get_untracked().flatten()
    }

    fn measure(self) {
        let Some(canvas) = self.canvas() else {
            return;
        };
        let ratio = window().device_pixel_ratio().clamp(1.0, 3.0);
        let bounds = canvas.get_bounding_client_rect();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "pixels of a screen"
        )]
        let pixels = |length: f64| (length * ratio).round() as u32;
        canvas.set_width(pixels(bounds.width()));
        canvas.set_height(pixels(bounds.height()));
        let tops = lanes_below(&canvas)
            .into_iter()
            .map(|lane| lane.get_bounding_client_rect().top() - bounds.top())
            .collect();
        let samples = samples(&canvas);
        self.live.try_update_value(|live| {
            live.width = bounds.width().max(1.0);
            live.height = bounds.height();
            live.tops = tops;
            live.inks = samples;
        });
        self.ask_frame();
    }

    /// Draws before the next paint, once however often it is asked.
    fn ask_frame(self) {
        if self
            .framed
            .try_update_value(|framed| std::mem::replace(framed, true))
            != Some(false)
        {
            return;
        }
        self.life.on_next_frame(move || {
            self.framed.set_value(false);
            self.draw();
        });
    }

    fn draw(self) {
        let Some(canvas) = self.canvas() else {
            return;
        };
        let Some(to) = context(&canvas) else { return };
        let text = self.live.try_with_value(|live| {
            Scene {
                view: live.view,
                width: live.width,
                height: live.height,
                ratio: window().device_pixel_ratio().clamp(1.0, 3.0),
                step: live.step,
                now: super::view_range::View::of(live.now, live.now).from,
                lanes: &live.lanes,
                tops: &live.tops,
                pointer: live.pointer.map(|(x, _)| x),
                cursor: live.cursor,
                brush: live.brush(),
                inks: &live.inks,
            }
            .draw(&to);
            // A pointer that rests beside the lanes reads nothing, and hides nothing of the cursor.
            let pointed = live.pointer.and_then(|(x, y)| Some((x, live.lane_at(y)?)));
            if let Some((x, (lane, inside))) = pointed {
                let at = live.view.at(x / live.width);
                return Some(live.read(lane, at, Some(inside)));
            }
            let (lane, at) = live.cursor?;
            Some(live.read(lane, at, None))
        });
        let text = text.flatten().unwrap_or_default();
        self.readout.maybe_update(|before| {
            let changes = *before != text;
            *before = text;
            changes
        });
    }

    /// After the view has moved: draws at once, loads and tells when it rests.
    fn moved(self) {
        self.ask_frame();
        let Some(turn) = self.moves.try_update_value(|moves| {
            *moves = moves.wrapping_add(1);
            *moves
        }) else {
            return;
        };
        self.life.after(REST, move || {
            if self.moves.get_value() == turn {
                self.rest();
            }
        });
    }

    fn rest(self) {
        let seen = self.live.try_with_value(|live| live.view.moments());
        if let Some(seen) = seen {
            self.hands.try_with_value(|hands| hands.seen.try_run(seen));
        }
        self.load();
    }

    /// Loads what is seen, if it lacks; one at a time.
    fn load(self) {
        let wanted = self.live.try_with_value(|live| {
            let wanted = live.needs(Range::MOST_COLUMNS)?;
            Some((wanted, live.columns(Range::MOST_COLUMNS)))
        });
        let Some(Some((wanted, columns))) = wanted else {
            return;
        };
        if self
            .loading
            .try_update_value(|now| std::mem::replace(now, true))
            != Some(false)
        {
            return;
        }
        let (from, until) = wanted.moments();
        let Some(load) = self.hands.try_with_value(|hands| hands.load.clone()) else {
            return;
        };
        self.life.spawn(async move {
            let rows = load(Range::between(from, until), columns).await;
            self.loading.set_value(false);
            // What fails leaves the last good data; the next movement tries again.
            if let Ok(rows) = rows {
                self.live.try_update_value(|live| live.take(rows));
                self.ask_frame();
                self.load();
            }
        });
    }

    /// Where a moment of a lane leads; nowhere where marks lie together, which come apart instead.
    fn chosen(self, lane: usize, at: f64, y: Option<f64>) -> Option<String> {
        let crowd = self.live.try_with_value(|live| live.crowd(lane, at, y))?;
        if let Some(view) = crowd {
            self.live.try_update_value(|live| live.view = view);
            self.moved();
            return None;
        }
        let href = |links: &Links| {
            self.live
                .try_with_value(|live| live.href(links, lane, at, y))
        };
        self.links.try_with_value(href)??
    }

    fn press(self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let (x, y) = place(event);
        if let Some(canvas) = self.canvas() {
            // A pointer that is gone already cannot be held.
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        let brush = event.shift_key() || y < 24.0;
        self.live.try_update_value(|live| live.press(x, brush));
    }

    fn follow(self, event: &PointerEvent) {
        let (x, y) = place(event);
        let dragged = self.live.try_update_value(|live| {
            live.follow(x, y);
            live.drag.is_some()
        });
        if dragged == Some(true) {
            self.moved();
        } else {
            self.ask_frame();
        }
    }

    fn leave(self) {
        self.live.try_update_value(|live| {
            live.pointer = None;
            live.drag = None;
        });
        self.ask_frame();
    }

    /// With Ctrl, as a pinch comes, the wheel zooms; sideways or with Shift it moves; else it scrolls
    /// the page.
    fn wheel(self, event: &WheelEvent) {
        let (across, down) = (event.delta_x(), event.delta_y());
        let x = f64::from(event.offset_x());
        if event.ctrl_key() || event.meta_key() {
            let times = (down / 200.0).clamp(-1.0, 1.0).exp2();
            self.live.try_update_value(|live| live.zoom(times, Some(x)));
        } else if across.abs() > down.abs() || event.shift_key() {
            let by = if across == 0.0 { down } else { across };
            self.live
                .try_update_value(|live| live.view = live.view.moved(by / live.width));
        } else {
            return;
        }
        event.prevent_default();
        self.moved();
    }

    /// Whether the key was one of the drawing's.
    fn key(self, event: &KeyboardEvent) -> bool {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return false;
        }
        let marks = event.shift_key();
        let known = self.live.try_update_value(|live| {
            match event.key().as_str() {
                "ArrowLeft" => live.step(false, marks),
                "ArrowRight" => live.step(true, marks),
                "ArrowUp" => live.change_lane(false),
                "ArrowDown" => live.change_lane(true),
                "Home" => live.put_at_end(false),
                "End" => live.put_at_end(true),
                "PageUp" => live.view = live.view.moved(-0.5),
                "PageDown" => live.view = live.view.moved(0.5),
                "+" | "=" => live.zoom(0.5, None),
                "-" | "_" => live.zoom(2.0, None),
                _ => return None,
            }
            // Who uses the keys reads the cursor, wherever the pointer was left.
            live.pointer = None;
            Some(live.cursor)
        });
        let Some(Some(cursor)) = known else {
            return false;
        };
        event.prevent_default();
        if let Some((lane, at)) = cursor {
            let text = self.live.try_with_value(|live| live.read(lane, at, None));
            if let Some(text) = text {
                announce(&text);
                self.readout.set(text);
            }
        }
        self.moved();
        true
    }

    /// Saves what is drawn as a PNG, on the ground of the theme.
    fn picture(self) {
        let Some(canvas) = self.canvas() else {
            return;
        };
        let ground = self
            .live
            .try_with_value(|live| live.inks.get("surface").to_owned())
            .unwrap_or_default();
        // Nothing can be done where the browser refuses to draw or to encode.
        let _ = save(&canvas, &ground);
    }
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

fn lanes_below(canvas: &HtmlCanvasElement) -> Vec<Element> {
    let Some(body) = canvas.parent_element() else {
        return Vec::new();
    };
    body.query_selector_all(".board-lane").map_or_else(
        |_| Vec::new(),
        |list| {
            (0..list.length())
                .filter_map(|n| list.item(n)?.dyn_into().ok())
                .collect()
        },
    )
}

/// The theme's colours, from elements that have them: a canvas knows no custom properties.
fn samples(canvas: &HtmlCanvasElement) -> Inks {
    let Some(body) = canvas.parent_element() else {
        return Inks::default();
    };
    Inks::of(INKS.into_iter().filter_map(|name| {
        let element = body.query_selector(&format!("[data-ink={name}]")).ok()??;
        let style = window().get_computed_style(&element).ok()??;
        Some((name.to_owned(), style.get_property_value("color").ok()?))
    }))
}

fn save(canvas: &HtmlCanvasElement, ground: &str) -> Option<()> {
    let copy: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    copy.set_width(canvas.width());
    copy.set_height(canvas.height());
    let to = context(&copy)?;
    to.set_fill_style_str(ground);
    to.fill_rect(0.0, 0.0, f64::from(copy.width()), f64::from(copy.height()));
    to.draw_image_with_html_canvas_element(canvas, 0.0, 0.0)
        .ok()?;
    let link: HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&copy.to_data_url().ok()?);
    link.set_download("timeline.png");
    link.click();
    Some(())
}

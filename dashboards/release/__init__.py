"""The release that pages and reports read: its folder, its databases, and what a visitor may ask of them."""

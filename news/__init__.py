"""The office's news: pages that go live through the SOP, their pictures, lists and posts."""

"""The demo site: invented items with texts and pictures, and their way through the SOP."""

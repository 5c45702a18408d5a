"""The front page and a station's hall: pages that show what several features own."""

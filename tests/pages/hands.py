"""How people work a page: with a mouse or a finger, or by keyboard alone. Journeys are the same for both."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.browser import MOST_TAB_STOPS


@dataclass(frozen=True)
class Mouse:
    """Points at things. What is not seen cannot be pressed."""

    page: Page

    def press(self, target: Locator) -> None:
        """A link, button or summary is pressed."""
        target.click()

    def tick(self, target: Locator) -> None:
        """A checkbox is ticked."""
        target.check()

    def write(self, target: Locator, words: str) -> None:
        """A box holds these words."""
        target.click()
        target.fill("")
        self.page.keyboard.type(words)


@dataclass(frozen=True)
class Keyboard:
    """Has no mouse: goes from stop to stop by Tab, as far as it takes."""

    page: Page

    def reach(self, target: Locator) -> None:
        """The focus is on the target. Fails where Tab does not lead there."""
        for _ in range(MOST_TAB_STOPS):
            if target.evaluate("it => it === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {target}")

    def press(self, target: Locator) -> None:
        """A link, button or summary is pressed."""
        self.reach(target)
        self.page.keyboard.press("Enter")

    def tick(self, target: Locator) -> None:
        """A checkbox is ticked."""
        self.reach(target)
        self.page.keyboard.press("Space")

    def write(self, target: Locator, words: str) -> None:
        """A box holds these words."""
        self.reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)


Hand = Mouse | Keyboard

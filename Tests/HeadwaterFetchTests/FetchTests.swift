import HeadwaterFetch
import Testing

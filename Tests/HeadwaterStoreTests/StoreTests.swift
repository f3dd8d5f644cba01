import HeadwaterStore
import Testing
